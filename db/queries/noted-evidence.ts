import { type SQL, sql } from "drizzle-orm";
import type { RunHandle } from "#lib/import/ports";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/** Columns of `snapshot_users` that say what the sign-ins and reports published when its reading began tell of an account. */
export const notedColumns = sql`sign_in_on, sign_in_told, usage_on, mailbox_bytes, mailbox_archive`;

/** Values of `notedColumns` behind `notedJoins`. */
export const notedValues = sql`s.evidence_on, s.user_id is not null, g.evidence_on, g.storage_bytes, g.has_archive`;

/**
 * Joins (`s`, `g`) that look up what is noted of an account `a` (user_id; upn_key: its UPN in lower case, made in a select
 * of its own, since row-level security keeps lower() out of index conditions) of a directory. docs/adr/0017.
 */
export function notedJoins({ workspaceId, snapshotId }: Place): SQL {
  const noted = (column: "sign_ins_noted_id" | "usage_noted_id"): SQL => sql`(
    select ${sql.raw(column)} from snapshots
    where workspace_id = ${workspaceId}::uuid and id = ${snapshotId}::bigint)`;
  return sql`
    left join lateral (
      select user_id, evidence_on from snapshot_sign_ins
      where workspace_id = ${workspaceId}::uuid and snapshot_id = ${noted("sign_ins_noted_id")}
        and user_id = a.user_id offset 0) s on true
    left join lateral (
      select evidence_on, storage_bytes, has_archive from snapshot_usage_evidence
      where workspace_id = ${workspaceId}::uuid and snapshot_id = ${noted("usage_noted_id")}
        and upn_key = a.upn_key offset 0) g on true`;
}
