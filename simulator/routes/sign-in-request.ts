import type { Context } from "hono";
import type { SimulatorEnv } from "../faults/transport.ts";
import { type AadError, AadFailure, aad } from "../identity/aad-error.ts";
import { type AccountGroup, errorPage } from "../pages/pages.ts";
import type { Store } from "../store/store.ts";
import type { Tenant } from "../store/tenant.ts";
import type { AppRegistration, Person } from "../types.ts";

/** Security headers of every page. */
const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
};

/** Answers with a page. */
export async function showPage(
  c: Context<SimulatorEnv>,
  markup: ReturnType<typeof errorPage>,
  status: 200 | 400 | 403 = 200,
) {
  return c.html(await markup, status, PAGE_HEADERS);
}

/** Runs a page handler; what it throws as AadFailure becomes an error page, never a redirect. */
export async function withErrorPage(
  c: Context<SimulatorEnv>,
  handle: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof AadFailure)
      return showPage(c, errorPage(error.detail), error.detail.status === 403 ? 403 : 400);
    throw error;
  }
}

/** A required parameter. Throws AadFailure 900144. */
export function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (!value) throw new AadFailure(aad.missingParameter(name));
  return value;
}

/** The registration a page is asked for, usable in `tenant` when that is given. Throws AadFailure 700016. */
export function requestedApp(
  store: Store,
  clientId: string,
  tenant: Tenant | undefined,
): AppRegistration {
  const app = store.apps.get(clientId);
  const directory = tenant?.spec.name ?? "organizations";
  if (!app) throw new AadFailure(aad.appNotFound(clientId, directory));
  if (app.audience === "single" && tenant && tenant.spec.id !== app.homeTenantId)
    throw new AadFailure(aad.appNotFound(clientId, directory));
  return app;
}

/** Throws AadFailure 50011 unless the URI is registered; matching is exact. */
export function checkRedirectUri(
  app: AppRegistration,
  uri: string,
  accepts: (registered: string) => boolean = (registered) => registered === uri,
): void {
  if (!app.redirectUris.some(accepts)) throw new AadFailure(aad.replyMismatch(uri, app.clientId));
}

/** The accounts a picker offers: those of the tenant, or of every tenant that may use the app. */
export function accountGroups(
  store: Store,
  app: AppRegistration,
  tenant: Tenant | undefined,
  all = tenant === undefined,
): AccountGroup[] {
  const tenants = [...store.tenants.values()].filter(
    (candidate) =>
      (all || candidate === tenant) &&
      (app.audience === "multiple" || candidate.spec.id === app.homeTenantId),
  );
  const ordered = tenant
    ? [tenant, ...tenants.filter((candidate) => candidate !== tenant)]
    : tenants;
  return ordered.map(({ spec }) => ({
    tenantName: spec.name,
    accounts: spec.people.map((person) => ({
      value: `${spec.id}/${person.oid}`,
      name: `${person.givenName} ${person.surname}`,
      userName: person.userPrincipalName,
      note: person.note,
    })),
  }));
}

/** The account a picker's form chose. Throws AadFailure 50020 when it is none the picker offered. */
export function chosenAccount(
  store: Store,
  groups: readonly AccountGroup[],
  value: string,
): { tenant: Tenant; person: Person } {
  const offered = groups.some((group) => group.accounts.some((account) => account.value === value));
  const [tenantId = "", oid = ""] = value.split("/");
  const tenant = store.findTenant(tenantId);
  const person = tenant?.spec.people.find((candidate) => candidate.oid === oid);
  if (!offered || !tenant || !person) throw new AadFailure(aad.userNotInTenant(oid, tenantId));
  return { tenant, person };
}

/** Redirect back to the application; parameters keep their order. */
export function redirectBack(
  c: Context<SimulatorEnv>,
  uri: string,
  parameters: readonly (readonly [string, string | null])[],
): Response {
  const url = new URL(uri);
  for (const [name, value] of parameters) if (value !== null) url.searchParams.append(name, value);
  return c.redirect(url.href, 302);
}

/** `error_description` of an error that goes back to the application is made by `aadDescription`; this is its `error`. */
export function errorParameters(
  error: AadError,
  description: string,
  state: string | null,
): [string, string | null][] {
  return [
    ["error", error.error],
    ["error_description", description],
    ["state", state],
  ];
}
