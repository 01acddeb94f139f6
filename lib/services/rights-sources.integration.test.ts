import { randomUUID } from "node:crypto";
import { connectTenant } from "./connect-tenant.ts";
import { createOrganisation } from "./create-organisation.ts";
import { createSaasConnection } from "./create-saas-connection.ts";
import { enterOrganisation } from "./enter-organisation.ts";
import { enterOrganisationExpiry } from "./enter-organisation-expiry.ts";
import { getOrganisation } from "./get-organisation.ts";
import { getSkuMapping } from "./get-sku-mapping.ts";
import { getStanding } from "./get-standing.ts";
import { getSwitchPreview } from "./get-switch-preview.ts";
import { listKnownTenants } from "./list-known-tenants.ts";
import { listOrganisations } from "./list-organisations.ts";
import { listSwitches } from "./list-switches.ts";
import { listUnmatchedPeople } from "./list-unmatched-people.ts";
import { mapSku } from "./map-sku.ts";
import { removeOrganisation } from "./remove-organisation.ts";
import { renameOrganisation } from "./rename-organisation.ts";
import { replaceOrganisationCredential } from "./replace-organisation-credential.ts";
import { startOrganisationCheck } from "./start-organisation-check.ts";
import { startParallelRun } from "./start-parallel-run.ts";
import { switchSource } from "./switch-source.ts";
import { admins, describeRights, everybody, organisation, seers } from "./testing/rights.ts";
import { unmapSku } from "./unmap-sku.ts";

/** Who may do what with SaaS Management and switches of sources. Source: DESIGN §2. */
describeRights([
  {
    name: "getSkuMapping",
    allowed: everybody,
    names: "managedAppId",
    call: (ctx, { managedAppId }) => getSkuMapping(ctx, { connectionId: managedAppId }),
  },
  {
    name: "listUnmatchedPeople",
    allowed: seers,
    names: "managedAppId",
    call: (ctx, { managedAppId }) => listUnmatchedPeople(ctx, { connectionId: managedAppId }),
  },
  {
    name: "mapSku",
    allowed: admins,
    names: "managedAppId",
    call: (ctx, { managedAppId }) =>
      mapSku(ctx, {
        connectionId: managedAppId,
        kind: "license",
        externalId: "1",
        skuId: "05e9a617-0261-4cee-bb44-138d3ef5d965",
      }),
  },
  {
    name: "unmapSku",
    allowed: admins,
    names: "managedAppId",
    call: (ctx, { managedAppId }) =>
      unmapSku(ctx, { connectionId: managedAppId, kind: "license", externalId: "1" }),
  },
  {
    name: "connectTenant, SaaS Management",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      connectTenant(ctx, {
        name: "New",
        source: "saas-management",
        tenantId: randomUUID(),
        organisationId,
        managedAppId: "4001",
      }),
  },
  {
    name: "createOrganisation",
    allowed: admins,
    names: null,
    call: (ctx) => createOrganisation(ctx, organisation),
  },
  {
    name: "enterOrganisation",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) => enterOrganisation(ctx, { ...organisation, organisationId }),
  },
  {
    name: "renameOrganisation",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      renameOrganisation(ctx, { organisationId, name: "Group AG" }),
  },
  {
    name: "replaceOrganisationCredential",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      replaceOrganisationCredential(ctx, { organisationId, credential: organisation.credential }),
  },
  {
    name: "enterOrganisationExpiry",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      enterOrganisationExpiry(ctx, { organisationId, expiresOn: "2099-01-01" }),
  },
  {
    name: "startOrganisationCheck",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) => startOrganisationCheck(ctx, { organisationId }),
  },
  {
    name: "createSaasConnection",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      createSaasConnection(ctx, {
        name: "New",
        organisationId,
        managedAppId: "4001",
        tenantId: randomUUID(),
      }),
  },
  {
    name: "getOrganisation",
    allowed: everybody,
    names: "organisationId",
    call: (ctx, { organisationId }) => getOrganisation(ctx, { organisationId }),
  },
  {
    name: "listOrganisations",
    allowed: everybody,
    names: null,
    call: (ctx) => listOrganisations(ctx),
  },
  {
    name: "listKnownTenants",
    allowed: everybody,
    names: null,
    call: (ctx) => listKnownTenants(ctx),
  },
  {
    name: "removeOrganisation",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) => removeOrganisation(ctx, { organisationId }),
  },
  {
    name: "getStanding",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => getStanding(ctx, { connectionId }),
  },
  { name: "listSwitches", allowed: everybody, names: null, call: (ctx) => listSwitches(ctx) },
  {
    name: "getSwitchPreview",
    allowed: everybody,
    names: "tenantId",
    call: (ctx, { tenantId }) => getSwitchPreview(ctx, { by: "microsoft-365", tenantId }),
  },
  {
    name: "switchSource",
    allowed: admins,
    names: "tenantId",
    call: (ctx, { tenantId }) => switchSource(ctx, { by: "microsoft-365", tenantId }),
  },
  {
    name: "switchSource of the workspace",
    allowed: ["owner"],
    names: null,
    call: (ctx) => switchSource(ctx, { by: "saas-management" }),
  },
  {
    name: "startParallelRun",
    allowed: admins,
    names: "tenantId",
    call: (ctx, { tenantId }) => startParallelRun(ctx, { by: "microsoft-365", tenantId, days: 14 }),
  },
]);
