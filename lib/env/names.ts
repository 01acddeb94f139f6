import {
  multiTenantClientIdNames,
  multiTenantExpiryNames,
  multiTenantSecretNames,
} from "./multi-tenant-app.ts";
import { type Source, webNames, workerNames } from "./parse.ts";

export type Program = "web" | "worker";

/** What any program may need of the system it runs on. */
const systemNames = [
  "PATH",
  "HOME",
  "LANG",
  "LC_ALL",
  "TMPDIR",
  "NODE_ENV",
  "NODE_EXTRA_CA_CERTS",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
];

const programNames: Readonly<Record<Program, readonly string[]>> = {
  web: [...webNames, ...multiTenantClientIdNames],
  worker: [
    ...workerNames,
    ...multiTenantClientIdNames,
    ...multiTenantSecretNames,
    ...multiTenantExpiryNames,
  ],
};

const pick = (source: Source, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (source[name] ? [[name, source[name]]] : [])));

/** The variables of the system alone. */
export const systemVariables = (source: Source): Record<string, string> =>
  pick(source, systemNames);

/** The variables one program may see: the system's and its own. Source: DESIGN §3 Secrets. */
export const programVariables = (program: Program, source: Source): Record<string, string> =>
  pick(source, [...systemNames, ...programNames[program]]);
