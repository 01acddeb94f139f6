import { z } from "zod";
import { directoryAsOf, findPublishedAccount, listHeldBy } from "#db/queries/change-accounts";
import { listChangeRows } from "#db/queries/change-reads";
import { isComparing } from "#db/queries/change-sets";
import { findConnection } from "#db/queries/connections";
import type { AccountDetail } from "#lib/domain/change-models";
import { requireRight } from "./actor.ts";
import { toChangeItem } from "./change-view.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getAccountInput = z.strictObject({ connectionId: guid, userId: guid });

/** Changes of one account that are shown at once; older ones are told of. */
const shownChanges = 100;

/**
 * One account of a tenant: what it holds in the published directory, and its changes of the last 400 days, the newest
 * first; also after it was deleted. Rights: read, see-people.
 * @throws UseCaseError `forbidden`, `invalid`, `not-found` (no such account, now or in the records).
 */
export async function getAccount(
  ctx: Ctx,
  input: z.input<typeof getAccountInput>,
): Promise<AccountDetail> {
  requireRight(ctx, "read");
  requireRight(ctx, "see-people");
  const { connectionId, userId } = parseInput(getAccountInput, input);
  const { workspaceId } = ctx;
  const key = { workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await findConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    const { source, tenantId } = connection;
    const account = await findPublishedAccount(tx, { ...key, userId });
    const changes = await listChangeRows(tx, {
      workspaceId,
      scope: { of: "account", connectionId, userId },
      people: true,
      after: null,
      limit: shownChanges + 1,
    });
    if (account === undefined && changes.length === 0) throw notFound("account");
    return {
      userId,
      connectionId,
      displayName: account?.displayName ?? changes[0]?.displayName ?? null,
      userPrincipalName: account?.userPrincipalName ?? changes[0]?.userPrincipalName ?? null,
      department: account?.department ?? null,
      jobTitle: account?.jobTitle ?? null,
      present: account !== undefined,
      blocked: account?.blocked ?? false,
      guest: account?.guest ?? false,
      createdAt: account?.createdAt ?? null,
      asOf: await directoryAsOf(tx, key),
      licenses: account === undefined ? [] : await listHeldBy(tx, { ...key, ...account }),
      changes: changes.slice(0, shownChanges).map(toChangeItem),
      moreChanges: changes.length > shownChanges,
      comparing: tenantId !== null && (await isComparing(tx, { workspaceId, source, tenantId })),
    };
  });
}
