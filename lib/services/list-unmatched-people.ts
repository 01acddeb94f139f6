import { z } from "zod";
import { findMatchedPair, matchPeople } from "#db/queries/people-matching";
import type { Source } from "#lib/domain/connection";
import type { MatchCounts, UnmatchedPerson } from "#lib/domain/people-matching";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { requireManagedApp } from "./get-sku-mapping.ts";
import { guid, pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listUnmatchedPeopleInput = z.strictObject({ connectionId: guid, ...pageInput });

/** People of a managed application who are not in Microsoft's own data of the tenant. */
export interface UnmatchedPeople extends Page<UnmatchedPerson> {
  /** What they were looked up in; null = nothing of the tenant is published beside the application. */
  readonly lookedUpIn: {
    readonly connectionId: string;
    readonly source: Source;
    readonly asOf: string;
  } | null;
  /** Null where nobody could be looked up. */
  readonly counts: MatchCounts | null;
}

/**
 * Active accounts of a managed application that match no account of Microsoft's own data: looked up by object id, then user
 * principal name, then e-mail. In the order they were read. Right: see-people.
 * @throws UseCaseError `not-found`, also for a connection of another source; `invalid` for a cursor not ours.
 */
export async function listUnmatchedPeople(
  ctx: Ctx,
  input: z.input<typeof listUnmatchedPeopleInput>,
): Promise<UnmatchedPeople> {
  requireRight(ctx, "see-people");
  const { connectionId, cursor, limit } = parseInput(listUnmatchedPeopleInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    await requireManagedApp(tx, { workspaceId, connectionId });
    const pair = await findMatchedPair(tx, { workspaceId, connectionId });
    const { own, other } = pair ?? { own: null, other: null };
    if (own === null || other === null) {
      return { items: [], nextCursor: null, lookedUpIn: null, counts: null };
    }
    // Other snapshots have other numbers: a list of replaced ones begins anew.
    const filters = { connectionId, own: own.snapshotId, other: other.snapshotId };
    const scope = { list: "unmatched-people", sort: "account", filters };
    const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
    const { counts, rows } = await matchPeople(tx, {
      workspaceId,
      own,
      other,
      afterUserNo: after === null ? 0 : Number(after.key),
      limit: limit + 1,
    });
    const page = toPage(ctx, {
      scope,
      reconciliations: [],
      rows: rows.map((row) => ({ ...row, after: { key: String(row.userNo), id: row.userId } })),
      limit,
      toItem: ({ userId, displayName, mail, userPrincipalName, seats, reason }) => ({
        userId,
        displayName,
        mail,
        userPrincipalName,
        seats,
        reason,
      }),
    });
    const { asOf, source } = other;
    const lookedUpIn = { connectionId: other.connectionId, source, asOf: asOf.toISOString() };
    return { ...page, lookedUpIn, counts };
  });
}
