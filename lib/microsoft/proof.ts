import { AuthError } from "@azure/msal-node";
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import type { Failure } from "#lib/domain/failure";
import { later, UpstreamError, upstream } from "#lib/http/failures";
import {
  defaultLimits,
  openResponse,
  parseJson,
  readText,
  smallBodyBytes,
} from "#lib/http/transport";
import {
  checkCredential,
  createMsalClient,
  errorBehind,
  type TokenEndpointOptions,
} from "./token-endpoint.ts";

/** Roles that may approve an app for a whole tenant. Source: DESIGN §7 step 3a. */
export const administratorRoles = [
  { name: "Global Administrator", templateId: "62e90394-69f5-4237-9190-012177145e10" },
  { name: "Privileged Role Administrator", templateId: "e8611ab8-c189-46e8-94e1-60213ab1f814" },
] as const;

/** Why a sign-in proves nothing about a tenant. */
export type ProofRefusal =
  /** A member of the tenant without one of the two roles. */
  | "not-administrator"
  /** No `wids`: the role is only eligible, or the registration does not send the claim. */
  | "no-role-claim"
  | "guest"
  | "other-tenant"
  /** Signature, issuer, audience, nonce or time is wrong. */
  | "invalid-token";

/** The outcome of the proof leg; `administratorId` is the person's object id in the tenant. */
export type ProofResult =
  | {
      readonly kind: "proven";
      readonly tenantId: string;
      readonly administratorId: string;
      readonly administratorName: string | null;
    }
  | { readonly kind: "refused"; readonly refusal: ProofRefusal };

export interface RedeemProofInput extends TokenEndpointOptions {
  readonly code: string;
  /** The PKCE verifier of this leg. */
  readonly verifier: string;
  readonly redirectUri: string;
  readonly nonce: string;
  readonly signal: AbortSignal;
}

/**
 * Redeems the code of the proof leg with the app's credential and judges the ID token.
 * Source: reference/fault-catalogue.md §2 step 4.
 * @throws UpstreamError when the code or the credential is refused, or Microsoft cannot be reached.
 */
export async function redeemProof(input: RedeemProofInput): Promise<ProofResult> {
  const idToken = await redeemCode(input);
  if (idToken === null) return refused("invalid-token");
  const keys = await fetchSigningKeys(input);
  return judgeIdToken(idToken, keys, input);
}

/** The ID token; null when the code is expired, used or another leg's, or the answer is no good for this nonce. */
async function redeemCode(input: RedeemProofInput): Promise<string | null> {
  const { code, verifier: codeVerifier, redirectUri, nonce } = input;
  checkCredential(input.credential);
  const msal = createMsalClient(input);
  try {
    const scopes = ["openid", "profile"];
    const { idToken } = await msal.acquireTokenByCode({
      code,
      codeVerifier,
      redirectUri,
      nonce,
      scopes,
    });
    return idToken || null;
  } catch (error) {
    const behind = errorBehind(error);
    if (behind instanceof AuthError) return null;
    if (behind instanceof UpstreamError && isDeadCode(behind.failure)) return null;
    throw behind;
  }
}

const isDeadCode = ({ code, facts }: Failure): boolean =>
  code === "token-refused" && facts?.oauthError === "invalid_grant";

/** What an ID token must answer to. `tenantId` is the tenant the consent leg named. */
export type ProofExpectation = Pick<
  RedeemProofInput,
  "origins" | "tenantId" | "clientId" | "nonce" | "now"
>;

const clockToleranceSeconds = 300;

const proofClaims = z.object({
  tid: z.string(),
  oid: z.string(),
  nonce: z.string(),
  name: z.string().optional(),
  idp: z.string().optional(),
  acct: z.union([z.number(), z.string()]).optional(),
  wids: z.array(z.string()).optional(),
});

/** Signature, issuer, audience, time, nonce; then tenant, guest, role: the first that fails is told. */
export async function judgeIdToken(
  idToken: string,
  keys: JSONWebKeySet,
  expected: ProofExpectation,
): Promise<ProofResult> {
  const tenantId = expected.tenantId.toLowerCase();
  const payload = await verifySignature(idToken, keys, expected);
  const claims = proofClaims.safeParse(payload);
  if (!payload || !claims.success) return refused("invalid-token");
  const { tid, oid, nonce, name, idp, acct, wids } = claims.data;
  if (nonce !== expected.nonce) return refused("invalid-token");
  if (payload.iss !== issuerOf(expected, tid)) return refused("invalid-token");
  if (tid.toLowerCase() !== tenantId) return refused("other-tenant");
  if ((idp !== undefined && idp !== payload.iss) || String(acct ?? 0) === "1")
    return refused("guest");
  if (wids === undefined) return refused("no-role-claim");
  const held = wids.map((role) => role.toLowerCase());
  if (!administratorRoles.some(({ templateId }) => held.includes(templateId))) {
    return refused("not-administrator");
  }
  return {
    kind: "proven",
    tenantId,
    administratorId: oid.toLowerCase(),
    administratorName: name ?? null,
  };
}

const refused = (refusal: ProofRefusal): ProofResult => ({ kind: "refused", refusal });

const issuerOf = ({ origins }: ProofExpectation, tid: string): string =>
  `https://${origins.loginHost}/${tid}/v2.0`;

/** The claims of a token signed by one of the keys for our app and now; null otherwise. */
async function verifySignature(
  idToken: string,
  keys: JSONWebKeySet,
  { clientId, now }: ProofExpectation,
): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      audience: clientId,
      algorithms: ["RS256"],
      requiredClaims: ["exp", "iat", "iss"],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
    throw error;
  }
}

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/** The tenant's signing keys, asked for at each proof so that a rotation is never missed. */
async function fetchSigningKeys({
  origins,
  tenantId,
  fetch,
  limits,
  signal,
}: RedeemProofInput): Promise<JSONWebKeySet> {
  const bounds = { ...defaultLimits, ...limits };
  const response = await openResponse(
    fetch,
    `${origins.login}/${tenantId}/discovery/v2.0/keys`,
    { method: "GET", headers: { accept: "application/json" }, signal },
    bounds,
  );
  const text = await readText(response, smallBodyBytes);
  const { status } = response;
  if (status !== 200) throw upstream("upstream-error", later(), { status });
  const parsed = keySet.safeParse(parseJson(text));
  if (!parsed.success) throw upstream("unreadable-response", later(), { status });
  return parsed.data;
}
