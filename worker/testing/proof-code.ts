import { createHash, randomBytes } from "node:crypto";
import type { Tenant } from "#simulator/store/tenant";
import { appUrl } from "./installation.ts";

/** A code of the proof leg, and what the leg began with. */
export interface ProofCode {
  readonly code: string;
  readonly verifier: string;
  readonly nonce: string;
  readonly tenantId: string;
}

/** Signs the tenant's person of a role in on Microsoft's pages and brings the code back. */
export async function proofCodeOf(
  microsoft: { readonly loginOrigin: string; readonly clientId: string },
  tenant: Tenant,
  role: string,
): Promise<ProofCode> {
  const verifier = randomBytes(32).toString("base64url");
  const nonce = randomBytes(16).toString("base64url");
  const query = new URLSearchParams({
    client_id: microsoft.clientId,
    response_type: "code",
    redirect_uri: `${appUrl}/connect/proof`,
    scope: "openid profile",
    state: "state",
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const url = `${microsoft.loginOrigin}/${tenant.spec.id}/oauth2/v2.0/authorize?${query}`;
  const html = await (await fetch(url)).text();
  const request = /name="request" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const person = tenant.spec.people.find((candidate) => candidate.role === role);
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ request, account: `${tenant.spec.id}/${person?.oid}` }),
  });
  const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code");
  if (!code) throw new Error("Microsoft gave no code");
  return { code, verifier, nonce, tenantId: tenant.spec.id };
}
