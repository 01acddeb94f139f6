import { createHash } from "node:crypto";
import type { Cloud } from "#lib/domain/connection";
import { hostsOf, type OriginMap } from "./clouds.ts";

/** The consent leg: where an administrator is sent to approve the app. */
export interface ConsentLinkInput {
  readonly cloud: Cloud;
  readonly origins: OriginMap;
  readonly clientId: string;
  /** Null = whatever organisation the person signs in to; never `common`. */
  readonly tenantId: string | null;
  readonly redirectUri: string;
  readonly state: string;
}

/**
 * `/{tenant|organizations}/v2.0/adminconsent` with the static `.default` scope, which asks for the application
 * permissions of the registration. Source: reference/microsoft-graph.md §1.1.
 */
export function consentUrl(input: ConsentLinkInput): string {
  const query = new URLSearchParams({
    client_id: input.clientId,
    scope: hostsOf(input.cloud).graphScope,
    redirect_uri: input.redirectUri,
    state: input.state,
  });
  return `${input.origins.login}/${input.tenantId ?? "organizations"}/v2.0/adminconsent?${query}`;
}

/** The proof leg: the same person shows who they are in that tenant. */
export interface ProofLinkInput {
  readonly origins: OriginMap;
  readonly clientId: string;
  readonly tenantId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** The PKCE verifier; only its SHA-256 leaves. */
  readonly verifier: string;
}

/**
 * `/{tenant}/oauth2/v2.0/authorize`: code flow with PKCE S256 and a nonce; `profile` brings `oid`.
 * Source: reference/fault-catalogue.md §2 step 4.
 */
export function proofUrl(input: ProofLinkInput): string {
  const query = new URLSearchParams({
    client_id: input.clientId,
    response_type: "code",
    response_mode: "query",
    scope: "openid profile",
    redirect_uri: input.redirectUri,
    state: input.state,
    nonce: input.nonce,
    code_challenge: pkceChallenge(input.verifier),
    code_challenge_method: "S256",
    prompt: "select_account",
  });
  return `${input.origins.login}/${input.tenantId}/oauth2/v2.0/authorize?${query}`;
}

/** PKCE S256 challenge of a verifier. Source: RFC 7636 §4.2. */
export const pkceChallenge = (verifier: string): string =>
  createHash("sha256").update(verifier).digest("base64url");

/** What the consent redirect says. `tenantHint` is a hint: only the proof leg tells the tenant. */
export type ConsentCallback =
  | { readonly kind: "granted"; readonly state: string; readonly tenantHint: string }
  | { readonly kind: "declined"; readonly state: string | null }
  | {
      readonly kind: "refused";
      readonly state: string | null;
      /** Microsoft's OAuth `error` word; null when it is none. */
      readonly error: string | null;
      readonly errorNumber: number | null;
    }
  /** Consented from the Entra portal, or nobody's redirect: nothing can be concluded. */
  | { readonly kind: "unsolicited" };

const guidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const declinedErrors = ["access_denied", "permission_denied", "consent_required"];

/**
 * Reads the query of the consent redirect. `error` is looked at first: `admin_consent=True` is present on errors too.
 * Source: reference/microsoft-graph.md §1.2, §1.3.
 */
export function readConsentCallback(query: URLSearchParams): ConsentCallback {
  const state = query.get("state") || null;
  const error = query.get("error");
  if (error !== null) {
    if (declinedErrors.includes(error)) return { kind: "declined", state };
    return { kind: "refused", state, error: errorWord(error), errorNumber: aadstsNumber(query) };
  }
  const tenantHint = query.get("tenant") ?? "";
  if (state === null) return { kind: "unsolicited" };
  if (query.get("admin_consent") !== "True" || !guidShape.test(tenantHint)) {
    return { kind: "refused", state, error: null, errorNumber: null };
  }
  return { kind: "granted", state, tenantHint: tenantHint.toLowerCase() };
}

/** What the proof redirect says; the code is for the worker alone. */
export type ProofCallback =
  | { readonly kind: "code"; readonly state: string; readonly code: string }
  | { readonly kind: "declined"; readonly state: string | null }
  | {
      readonly kind: "refused";
      readonly state: string | null;
      readonly error: string | null;
      readonly errorNumber: number | null;
    }
  | { readonly kind: "unsolicited" };

/** Reads the query of the proof redirect, `error` first. */
export function readProofCallback(query: URLSearchParams): ProofCallback {
  const state = query.get("state") || null;
  const error = query.get("error");
  if (error !== null) {
    if (declinedErrors.includes(error)) return { kind: "declined", state };
    return { kind: "refused", state, error: errorWord(error), errorNumber: aadstsNumber(query) };
  }
  const code = query.get("code") || null;
  if (state === null) return { kind: "unsolicited" };
  if (code === null) return { kind: "refused", state, error: null, errorNumber: null };
  return { kind: "code", state, code };
}

const errorWord = (error: string): string | null => (/^[a-z_]{1,60}$/.test(error) ? error : null);

/** The AADSTS number, to choose the help text only; the rest of the description is not read. */
function aadstsNumber(query: URLSearchParams): number | null {
  const digits = /^AADSTS(\d{4,8})\b/.exec(query.get("error_description") ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
}
