import { alertEndpoints } from "./alert-endpoints.ts";
import { connectionEndpoints } from "./connection-endpoints.ts";
import type { Endpoint } from "./endpoint.ts";
import { importEndpoints } from "./import-endpoints.ts";
import { licenseEndpoints } from "./license-endpoints.ts";
import { managedAppEndpoints } from "./managed-app-endpoints.ts";
import { opportunityEndpoints } from "./opportunity-endpoints.ts";
import { organisationEndpoints } from "./organisation-endpoints.ts";
import { switchEndpoints } from "./switch-endpoints.ts";
import { verificationEndpoints } from "./verification-endpoints.ts";

/** Every operation of /api/v1 that takes a token. Routes and the OpenAPI document are both made of it. DESIGN §6. */
export const endpoints = {
  ...alertEndpoints,
  ...connectionEndpoints,
  ...verificationEndpoints,
  ...organisationEndpoints,
  ...importEndpoints,
  ...licenseEndpoints,
  ...opportunityEndpoints,
  ...managedAppEndpoints,
  ...switchEndpoints,
} as const satisfies Record<string, Endpoint>;
