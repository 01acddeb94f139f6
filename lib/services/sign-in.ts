import { z } from "zod";
import { recordAudit } from "#db/queries/audit";
import { startSession } from "#db/queries/sessions";
import type { Platform } from "./context.ts";
import { guid, parseInput } from "./input.ts";

/** Tenant of Microsoft's personal accounts. Source: reference/microsoft-graph.md §2. */
const personalAccountsTenant = "9188040d-6c67-4c5b-b112-36a304b66dad";

/** The claims of a validated ID token that decide. */
export const signInInput = z.object({
  tid: guid,
  oid: guid,
  name: z.string().trim().min(1).max(256),
  upn: z.string().max(320).nullable(),
  /** Roles of the Entra app registration; `owner` may make the first owner. */
  appRoles: z.array(z.string()),
  /** The token's issuer and the identity provider it names; they differ for guests. */
  iss: z.string().optional(),
  idp: z.string().optional(),
});

/** `ok` with the session that was started, or why there is none. */
export type SignInResult =
  | {
      readonly kind: "ok";
      readonly workspaceId: string;
      readonly memberId: string;
      readonly sessionId: string;
    }
  | {
      readonly kind:
        | "tenant-not-allowed"
        | "personal-account"
        | "guest"
        | "not-a-member"
        | "disabled";
    };

/**
 * Admits a person, known by tenant and object id and never by e-mail, and starts a session of 12 hours. Only members get
 * in; the Entra app role `owner` makes the first one. Source: DESIGN §2, fault-catalogue C8, C9.
 * @throws UseCaseError `invalid` for claims that are none.
 */
export async function signIn(
  platform: Pick<Platform, "db" | "config">,
  input: z.input<typeof signInInput>,
): Promise<SignInResult> {
  const claims = parseInput(signInInput, input);
  const refusal = refusalOf(claims, platform.config.signInTenants);
  if (refusal !== null) return { kind: refusal };
  const outcome = await platform.db.outside((tx) =>
    startSession(tx, {
      tenantId: claims.tid,
      objectId: claims.oid,
      name: claims.name,
      userPrincipalName: claims.upn,
      mayOwn: claims.appRoles.includes("owner"),
    }),
  );
  if (outcome.kind !== "ok") return outcome;
  const { workspaceId, memberId } = outcome;
  await platform.db.inWorkspace(workspaceId, (tx) =>
    recordAudit(tx, {
      workspaceId,
      actor: { kind: "member", id: memberId, name: claims.name },
      action: "session.started",
      target: { kind: "member", id: memberId },
    }),
  );
  return outcome;
}

type Refusal = "tenant-not-allowed" | "personal-account" | "guest";

function refusalOf(
  claims: z.output<typeof signInInput>,
  signInTenants: readonly string[] | null,
): Refusal | null {
  if (claims.tid === personalAccountsTenant) return "personal-account";
  if (signInTenants !== null && !signInTenants.includes(claims.tid)) return "tenant-not-allowed";
  const foreign = claims.idp !== undefined && claims.idp !== claims.iss;
  return foreign || claims.upn?.toUpperCase().includes("#EXT#") ? "guest" : null;
}
