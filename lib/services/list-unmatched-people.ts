import { z } from "zod";
import { type DirectoryOf, findMatchedPair } from "#db/queries/people-matching";
import { findPeopleMatch, listPeopleNotFound } from "#db/queries/people-not-found";
import type { Source } from "#lib/domain/connection";
import type { MatchCounts, MatchState, UnmatchedPerson } from "#lib/domain/people-matching";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { UseCaseError } from "./errors.ts";
import { requireManagedApp } from "./get-sku-mapping.ts";
import { guid, pageInput, parseInput, searchText } from "./input.ts";
import { inSnapshot, toPage } from "./read-list.ts";

export const listUnmatchedPeopleInput = z.strictObject({
  connectionId: guid,
  /** Part of a name, a user principal name or an e-mail. */
  search: searchText.optional(),
  ...pageInput,
});

/** People of a managed application who are not in Microsoft's own data of the tenant. */
export interface UnmatchedPeople extends Page<UnmatchedPerson> {
  /** `nothing-published`: of one side or the other; `computing`: nobody knows yet. Only `ready` has counts and items. */
  readonly state: MatchState;
  /** What they are looked up in; null = nothing of the tenant is published beside the application. */
  readonly lookedUpIn: {
    readonly connectionId: string;
    readonly source: Source;
    readonly asOf: string;
  } | null;
  /** Of all accounts, whatever is searched for; null unless `ready`. */
  readonly counts: MatchCounts | null;
}

const nobody = { items: [], nextCursor: null, counts: null } as const;

const lookedUpIn = ({ connectionId, source, asOf }: DirectoryOf) => ({
  connectionId,
  source,
  asOf: asOf.toISOString(),
});

/**
 * Active accounts of a managed application that match no account of Microsoft's own data: looked up by object id, then user
 * principal name, then e-mail, once for each pair of published directories (`matchPeople`). In the order they were read.
 * Right: see-people.
 * @throws UseCaseError `not-found`, also for a connection of another source; `newer-data` for a cursor of directories that
 * were replaced, `invalid` for one not ours.
 */
export async function listUnmatchedPeople(
  ctx: Ctx,
  input: z.input<typeof listUnmatchedPeopleInput>,
): Promise<UnmatchedPeople> {
  requireRight(ctx, "see-people");
  const { connectionId, search, cursor, limit } = parseInput(listUnmatchedPeopleInput, input);
  const { workspaceId } = ctx;
  return inSnapshot(ctx, async (tx) => {
    await requireManagedApp(tx, { workspaceId, connectionId });
    const pair = await findMatchedPair(tx, { workspaceId, connectionId });
    const { own, other } = pair ?? { own: null, other: null };
    if (own === null || other === null) {
      return { ...nobody, state: "nothing-published", lookedUpIn: null };
    }
    const scope = { list: "unmatched-people", sort: "account", filters: { connectionId, search } };
    // This list reads directories, where others read reconciliations: the cursor keeps them in their place.
    const reconciliations = [own.snapshotId, other.snapshotId];
    const position = cursor === undefined ? null : openCursor(ctx, scope, cursor);
    if (position !== null && position.reconciliations.join() !== reconciliations.join()) {
      throw new UseCaseError(
        "newer-data",
        "People were looked up anew since this list began: one side was imported. Start again from the first page.",
      );
    }
    const match = await findPeopleMatch(tx, { workspaceId, own, other });
    if (match === undefined) {
      return { ...nobody, state: "computing", lookedUpIn: lookedUpIn(other) };
    }
    const rows = await listPeopleNotFound(tx, {
      workspaceId,
      matchId: match.id,
      afterUserNo: position === null ? 0 : Number(position.after.key),
      search,
      limit: limit + 1,
    });
    const page = toPage(ctx, {
      scope,
      reconciliations,
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
    return { ...page, state: "ready", lookedUpIn: lookedUpIn(other), counts: match.counts };
  });
}
