import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { AssignmentRow, RunHandle, UserRow } from "#lib/import/ports";
import { withLookups } from "./bulk-plans.ts";
import { type PreparedUsers, prepareUsers } from "./import-store-users.ts";
import { numberSkus } from "./sku-numbers.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/**
 * Accounts of a page that tells of more seats of accounts which are there already: with what earlier pages said they
 * hold, so that they can take the place of their older copies.
 */
export async function withHeldBefore(
  tx: Tx,
  place: Place,
  accounts: readonly UserRow[],
): Promise<PreparedUsers> {
  const before = await withLookups(tx, () => heldBefore(tx, place, accounts));
  const joined = accounts.map((account) => {
    const told = new Set(account.assignments.map(({ skuId }) => skuId));
    const kept = (before.get(account.userId) ?? []).filter(({ skuId }) => !told.has(skuId));
    return { ...account, assignments: [...kept, ...account.assignments] };
  });
  const skuIds = joined.flatMap(({ assignments }) => assignments.map(({ skuId }) => skuId));
  return prepareUsers(joined, await numberSkus(tx, place.workspaceId, skuIds));
}

async function heldBefore(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  accounts: readonly UserRow[],
): Promise<ReadonlyMap<string, readonly AssignmentRow[]>> {
  const ids = JSON.stringify(accounts.map(({ userId }) => userId));
  const rows = await tx.execute<{ user_id: string; seat: AssignmentRow }>(sql`
    select u.user_id, jsonb_build_object('skuId', n.sku_id, 'holds', seat.holds,
      'direct', seat.direct, 'groupIds', coalesce(to_jsonb(seat.group_ids), '[]'),
      'inError', seat.in_error, 'error', seat.error, 'assignedAt', seat.assigned_at,
      'disabledPlanIds', coalesce(to_jsonb(seat.disabled_plan_ids), '[]')) as seat
    from jsonb_array_elements_text(${ids}::jsonb) id
    cross join lateral (
      select t.user_id, t.user_no from snapshot_users t
      where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}
        and t.user_id between id::uuid and id::uuid order by t.user_id) u
    cross join lateral (
      select t.* from snapshot_assignments t
      where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}
        and t.user_no between u.user_no and u.user_no order by t.user_no) seat
    join sku_numbers n on n.workspace_id = ${workspaceId} and n.no = seat.sku_no`);
  const byUser = Map.groupBy(rows, (row) => row.user_id);
  return new Map([...byUser].map(([userId, of]) => [userId, of.map(({ seat }) => seat)]));
}
