import { type Context, Hono } from "hono";
import { cloudFacts } from "../clouds.ts";
import type { SimulatorEnv } from "../faults/transport.ts";
import { AadFailure, aad, aadDescription } from "../identity/aad-error.ts";
import { graphResourceOf } from "../identity/access-token.ts";
import { mayConsent } from "../identity/id-token.ts";
import { accountPage, approvalPage, consentPage } from "../pages/pages.ts";
import type { Store } from "../store/store.ts";
import type { AppRegistration } from "../types.ts";
import { resolveAuthority } from "./authority.ts";
import {
  accountGroups,
  checkRedirectUri,
  chosenAccount,
  redirectBack,
  requestedApp,
  required,
  showPage,
  withErrorPage,
} from "./sign-in-request.ts";

type Version = "v1" | "v2";

/** A consent request on its way through the pages, sealed into their forms. Only an administrator's gets `admin`. */
type ConsentRequest = {
  purpose: "consent";
  version: Version;
  clientId: string;
  authority: string;
  redirectUri: string;
  /** Null in v1. */
  scope: string | null;
  state: string | null;
  /** Path and query of the first page, to choose another account. */
  start: string;
  /** Set once an administrator signed in: the tenant that would be consented. */
  admin: { tenantId: string; oid: string } | null;
};

/** Admin consent, v2 and v1 (reference §1.1 to §1.3): choose who signs in, then Accept or Cancel. */
export function consentRoutes(store: Store) {
  const app = new Hono<SimulatorEnv>();
  app.get("/:tenant/v2.0/adminconsent", (c) => withErrorPage(c, () => showPicker(c, store, "v2")));
  app.get("/:tenant/adminconsent", (c) => withErrorPage(c, () => showPicker(c, store, "v1")));
  for (const path of ["/:tenant/v2.0/adminconsent", "/:tenant/adminconsent"])
    app.post(path, (c) => withErrorPage(c, () => decide(c, store)));
  return app;
}

function showPicker(
  c: Context<SimulatorEnv>,
  store: Store,
  version: Version,
): Response | Promise<Response> {
  const url = new URL(c.req.url);
  const query = url.searchParams;
  const segment = c.req.param("tenant") ?? "";
  // v2 refuses `common`: the tenant has to be an organisation (reference §1.1).
  if (version === "v2" && segment === "common") throw new AadFailure(aad.tenantUndetermined());
  const tenant = resolveAuthority(store, segment);
  const app = requestedApp(store, required(query, "client_id"), tenant);
  const redirectUri = required(query, "redirect_uri");
  checkRedirectUri(
    app,
    redirectUri,
    (registered) =>
      registered === redirectUri || (version === "v1" && redirectUri.startsWith(`${registered}/`)),
  );
  if (version === "v2") {
    const scope = required(query, "scope");
    if (!knownScopes(store).includes(scope)) throw new AadFailure(aad.scopeInvalid(scope));
  }
  const request: ConsentRequest = {
    purpose: "consent",
    version,
    clientId: app.clientId,
    authority: tenant?.spec.id ?? segment,
    redirectUri,
    scope: query.get("scope"),
    state: query.get("state"),
    start: `${url.pathname}${url.search}`,
    admin: null,
  };
  return showPage(
    c,
    accountPage(app, store.sealer.seal(request), offeredAccounts(store, app, request)),
  );
}

/** `.default` of every Graph whose tenants this login serves. */
const knownScopes = (store: Store): readonly string[] =>
  Object.values(cloudFacts)
    .filter(({ login }) => login === cloudFacts[store.cloud].login)
    .map(({ graphResource }) => `${graphResource}/.default`);

function offeredAccounts(store: Store, app: AppRegistration, request: ConsentRequest) {
  return accountGroups(store, app, store.findTenant(request.authority));
}

async function decide(c: Context<SimulatorEnv>, store: Store): Promise<Response> {
  const form = new URLSearchParams(await c.req.text());
  const request = store.sealer.open(required(form, "request")) as ConsentRequest | undefined;
  const app = request?.purpose === "consent" ? store.apps.get(request.clientId) : undefined;
  if (!request || !app) throw new AadFailure(aad.codeInvalid());
  if (form.get("action") === "cancel") return declined(c, request);
  if (form.get("action") === "accept") return accepted(c, store, app, request);
  const { tenant, person } = chosenAccount(
    store,
    offeredAccounts(store, app, request),
    required(form, "account"),
  );
  const resource = graphResourceOf(tenant);
  if (request.scope !== null && request.scope !== `${resource}/.default`)
    throw new AadFailure(aad.resourceNotFound(request.scope, tenant.spec.name));
  if (!mayConsent(person.role)) return showPage(c, approvalPage(app, person, request.start), 403);
  const sealed = store.sealer.seal({
    ...request,
    admin: { tenantId: tenant.spec.id, oid: person.oid },
  } satisfies ConsentRequest);
  return showPage(c, consentPage(app, person, tenant.spec.name, sealed));
}

function accepted(
  c: Context<SimulatorEnv>,
  store: Store,
  app: AppRegistration,
  request: ConsentRequest,
): Response {
  const tenant = request.admin && store.findTenant(request.admin.tenantId);
  if (!tenant) throw new AadFailure(aad.adminConsentRequired());
  tenant.grant(app.clientId, app.permissions);
  const resource = graphResourceOf(tenant);
  const scope = [...app.permissions, ".default"].map((name) => `${resource}/${name}`).join(" ");
  if (request.version === "v1")
    return redirectBack(c, request.redirectUri, [
      ["tenant", tenant.spec.id],
      ["state", request.state],
      ["admin_consent", "True"],
    ]);
  return redirectBack(c, request.redirectUri, [
    ["admin_consent", "True"],
    ["tenant", tenant.spec.id],
    ["scope", scope],
    ["state", request.state],
  ]);
}

/** Cancel. The v2 answer carries `admin_consent=True` although nothing was consented (reference §1.3). */
function declined(c: Context<SimulatorEnv>, request: ConsentRequest): Response {
  if (request.version === "v1") {
    return redirectBack(c, request.redirectUri, [
      ["error", "permission_denied"],
      ["error_description", "The admin canceled the request"],
      ["state", request.state],
    ]);
  }
  const error = aad.declined();
  return redirectBack(c, request.redirectUri, [
    ["admin_consent", "True"],
    ["error", error.error],
    ["error_description", aadDescription(error)],
    ["state", request.state],
  ]);
}
