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

/** What of Microsoft's error may be kept and shown; the rest of its description is not read. */
export interface ReturnedError {
  /** Microsoft's OAuth `error` word; null when it is none. */
  readonly error: string | null;
  /** AADSTS number. */
  readonly errorNumber: number | null;
  /** GUID by which Microsoft's support finds the attempt. */
  readonly correlationId: string | null;
}

/** What the redirect of a leg says; `brought` is what it was made for. */
export type LegCallback<Brought> =
  | { readonly kind: "granted"; readonly state: string; readonly brought: Brought }
  | Refused
  /** Consented from the Entra portal, or nobody's redirect: nothing can be concluded. */
  | { readonly kind: "unsolicited" };

type Refused = {
  readonly kind: "declined" | "refused";
  readonly state: string | null;
} & ReturnedError;

/** The consent redirect's tenant is a hint: only the proof leg tells the tenant. GUID, lower case. */
export type ConsentCallback = LegCallback<{ readonly tenantHint: string }>;

/** The proof redirect's code is for the worker alone. */
export type ProofCallback = LegCallback<{ readonly code: string }>;

const guidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const declinedErrors = ["access_denied", "permission_denied", "consent_required"];

/**
 * Reads the query of the consent redirect. `error` is looked at first: `admin_consent=True` is present on errors too.
 * Source: reference/microsoft-graph.md §1.2, §1.3.
 */
export function readConsentCallback(query: URLSearchParams): ConsentCallback {
  const state = query.get("state") || null;
  const refused = refusalIn(query, state);
  if (refused !== null) return refused;
  const tenantHint = query.get("tenant") ?? "";
  if (state === null) return { kind: "unsolicited" };
  if (query.get("admin_consent") !== "True" || !guidShape.test(tenantHint)) {
    return { kind: "refused", state, ...noError };
  }
  return { kind: "granted", state, brought: { tenantHint: tenantHint.toLowerCase() } };
}

/** Reads the query of the proof redirect, `error` first. */
export function readProofCallback(query: URLSearchParams): ProofCallback {
  const state = query.get("state") || null;
  const refused = refusalIn(query, state);
  if (refused !== null) return refused;
  const code = query.get("code") || null;
  if (state === null) return { kind: "unsolicited" };
  if (code === null) return { kind: "refused", state, ...noError };
  return { kind: "granted", state, brought: { code } };
}

const noError: ReturnedError = { error: null, errorNumber: null, correlationId: null };

function refusalIn(query: URLSearchParams, state: string | null): Refused | null {
  const error = query.get("error");
  if (error === null) return null;
  const description = query.get("error_description") ?? "";
  const digits = /^AADSTS(\d{4,8})\b/.exec(description)?.[1];
  return {
    kind: declinedErrors.includes(error) ? "declined" : "refused",
    state,
    error: /^[a-z_]{1,60}$/.test(error) ? error : null,
    errorNumber: digits === undefined ? null : Number(digits),
    correlationId: correlationPattern.exec(description)?.[1]?.toLowerCase() ?? null,
  };
}

/** In the trailer Microsoft appends. Source: reference/microsoft-graph.md §1.3. */
const correlationPattern = /\bCorrelation ID: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/i;
