import { randomBytes, randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import type { SimulatorEnv } from "../faults/transport.ts";
import { AadFailure, aad, aadDescription } from "../identity/aad-error.ts";
import { accountPage, signedOutPage } from "../pages/pages.ts";
import type { Store } from "../store/store.ts";
import type { AppRegistration } from "../types.ts";
import { resolveAuthority } from "./authority.ts";
import {
  accountGroups,
  checkRedirectUri,
  chosenAccount,
  errorParameters,
  redirectBack,
  requestedApp,
  required,
  showPage,
  withErrorPage,
} from "./sign-in-request.ts";

/** An authorisation request that passed its checks; sealed into the picker's form. */
type SignInRequest = {
  purpose: "sign-in";
  clientId: string;
  authority: string;
  redirectUri: string;
  scope: string;
  state: string | null;
  nonce: string | null;
  challenge: string | null;
};

const CODE_LIFETIME_MS = 10 * 60_000;

/** `/{tenant}/oauth2/v2.0/authorize` and `/logout`: sign-in with an account picker and the code flow with PKCE. */
export function authorizeRoutes(store: Store) {
  const app = new Hono<SimulatorEnv>();
  app.get("/:tenant/oauth2/v2.0/authorize", (c) => withErrorPage(c, () => showPicker(c, store)));
  app.post("/:tenant/oauth2/v2.0/authorize", (c) => withErrorPage(c, () => signIn(c, store)));
  app.get("/:tenant/oauth2/v2.0/logout", (c) => logout(c, store));
  return app;
}

function showPicker(c: Context<SimulatorEnv>, store: Store): Response | Promise<Response> {
  const query = new URL(c.req.url).searchParams;
  const segment = c.req.param("tenant") ?? "";
  const tenant = resolveAuthority(store, segment);
  const app = requestedApp(store, required(query, "client_id"), tenant);
  const redirectUri = required(query, "redirect_uri");
  checkRedirectUri(app, redirectUri);
  const state = query.get("state");
  const refusal = refused(query);
  if (refusal)
    return redirectBack(c, redirectUri, errorParameters(refusal, aadDescription(refusal), state));
  const request: SignInRequest = {
    purpose: "sign-in",
    clientId: app.clientId,
    authority: tenant?.spec.id ?? segment,
    redirectUri,
    scope: required(query, "scope"),
    state,
    nonce: query.get("nonce"),
    challenge: query.get("code_challenge"),
  };
  return showPage(
    c,
    accountPage(app, store.sealer.seal(request), offeredAccounts(store, app, request)),
  );
}

/** What Microsoft tells the application instead of showing a page. */
function refused(query: URLSearchParams) {
  if (query.get("response_type") !== "code") return aad.unsupportedResponse();
  const mode = query.get("response_mode");
  if (mode !== null && mode !== "query") return aad.unsupportedResponse();
  if (query.has("code_challenge") && query.get("code_challenge_method") !== "S256")
    return aad.challengeMethod();
  // Nobody has a session here, so a silent sign-in always needs interaction.
  return query.get("prompt") === "none" ? aad.loginRequired() : undefined;
}

function offeredAccounts(store: Store, app: AppRegistration, request: SignInRequest) {
  const tenant = store.findTenant(request.authority);
  return accountGroups(store, app, tenant, tenant === undefined || app.offersOtherTenants);
}

async function signIn(c: Context<SimulatorEnv>, store: Store): Promise<Response> {
  const form = new URLSearchParams(await c.req.text());
  const request = store.sealer.open(required(form, "request")) as SignInRequest | undefined;
  const app = request?.purpose === "sign-in" ? store.apps.get(request.clientId) : undefined;
  if (!request || !app) throw new AadFailure(aad.codeInvalid());
  if (form.get("action") === "cancel") {
    const declined = { ...aad.declined(), error: "access_denied" };
    return redirectBack(c, request.redirectUri, [
      ["error", declined.error],
      ["error_subcode", "cancel"],
      ["error_description", aadDescription(declined)],
      ["state", request.state],
    ]);
  }
  const { tenant, person } = chosenAccount(
    store,
    offeredAccounts(store, app, request),
    required(form, "account"),
  );
  const code = `1.A${randomBytes(48).toString("base64url")}`;
  const { clientId, authority, redirectUri, nonce, challenge, scope } = request;
  forgetOldCodes(store);
  store.codes.set(code, {
    clientId,
    authority,
    tenantId: tenant.spec.id,
    person,
    redirectUri,
    nonce,
    challenge,
    scope,
    expiresAt: Date.now() + CODE_LIFETIME_MS,
    redeemed: false,
  });
  return redirectBack(c, redirectUri, [
    ["code", code],
    ["state", request.state],
    ["session_state", randomUUID()],
  ]);
}

function forgetOldCodes(store: Store): void {
  const limit = Date.now() - CODE_LIFETIME_MS;
  for (const [code, pending] of store.codes)
    if (pending.expiresAt < limit) store.codes.delete(code);
}

/** Goes back to the application only when the address belongs to a registered one. */
function logout(c: Context<SimulatorEnv>, store: Store): Response | Promise<Response> {
  const target = c.req.query("post_logout_redirect_uri");
  const origins = new Set(
    [...store.apps.values()].flatMap((app) => app.redirectUris.map((uri) => new URL(uri).origin)),
  );
  if (target && URL.canParse(target) && origins.has(new URL(target).origin))
    return c.redirect(target, 302);
  return showPage(c, signedOutPage());
}
