import {
  findHandOffKey,
  findHandOff as findRow,
  type HandOffKey,
  type HandOffRow,
} from "#db/queries/hand-offs";
import { takeVisitorToken } from "#db/queries/rate-limits";
import type { HandOffEnd } from "#lib/domain/hand-off";
import { hashSecret, isSecret } from "./consent-secrets.ts";
import type { Platform } from "./context.ts";
import { handOffEndOf } from "./hand-off-view.ts";
import { unknownLinks } from "./rate-limit.ts";

/** A link as a browser names it; `address` is where the request came from, to limit guessing. */
export interface NamedHandOff {
  readonly token: string;
  readonly address: string;
}

/** What the public page may show of a link, and nothing else of its workspace. Instants ISO UTC. */
export type HandOffView =
  | {
      readonly kind: "open";
      readonly workspaceName: string;
      readonly memberName: string;
      /** The tenant the member signs in from, as Microsoft's sign-in proved it. */
      readonly memberTenantId: string;
      readonly expiresAt: string;
      /** Of a tenant that is connected, names of the permissions it grants already; null for a first approval. */
      readonly approved: readonly string[] | null;
    }
  | { readonly kind: "over"; readonly end: HandOffEnd; readonly memberName: string }
  | { readonly kind: "unknown" }
  /** Too many links nobody made, from this address. Seconds. */
  | { readonly kind: "rate-limited"; readonly retryAfter: number };

/**
 * What a hand-off link is, for whoever opened it. Looking changes nothing: mail scanners open links. Needs no session.
 * Source: DESIGN §7 Hand-off, reference/fault-catalogue.md §2 step 6, C23.
 */
export async function findHandOff(platform: Platform, named: NamedHandOff): Promise<HandOffView> {
  const found = await lookUpHandOff(platform, named);
  if (found.kind !== "found") return found;
  const row = await platform.db.inWorkspace(found.key.workspaceId, (tx) => findRow(tx, found.key));
  if (row === undefined) return { kind: "unknown" };
  const { memberName } = row;
  const end = handOffEndOf(row);
  if (end !== null) return { kind: "over", end, memberName };
  return {
    kind: "open",
    workspaceName: row.workspaceName,
    memberName,
    memberTenantId: row.memberTenantId,
    expiresAt: row.expiresAt.toISOString(),
    approved: approvedBefore(row),
  };
}

/** A withdrawn consent leaves nothing approved. */
const approvedBefore = (row: HandOffRow): readonly string[] | null =>
  row.provenAt === null || row.connectionStatus === "action-needed"
    ? null
    : (row.askedPermissions?.filter((name) => !row.declinedPermissions.includes(name)) ?? null);

/** Whose link a token is. An address that tried too many of nobody's is not looked up at all. */
export async function lookUpHandOff(
  platform: Platform,
  { token, address }: NamedHandOff,
): Promise<
  | { readonly kind: "found"; readonly key: HandOffKey }
  | Extract<HandOffView, { kind: "unknown" | "rate-limited" }>
> {
  const visitor = hashSecret(`hand-off ${address}`);
  return platform.db.outside(async (tx) => {
    const wait = await takeVisitorToken(tx, visitor, { ...unknownLinks, spend: false });
    if (wait !== null) return { kind: "rate-limited", retryAfter: wait };
    const key = isSecret(token) ? await findHandOffKey(tx, hashSecret(token)) : undefined;
    if (key !== undefined) return { kind: "found", key };
    await takeVisitorToken(tx, visitor, { ...unknownLinks, spend: true });
    return { kind: "unknown" };
  });
}
