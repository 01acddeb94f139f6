import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle } from "#lib/import/ports";

/** The snapshots whose evidence a directory's accounts note; null = none of that sort was published. docs/adr/0017. */
export interface NotedEvidence {
  readonly signIns: number | null;
  readonly usage: number | null;
}

/** What the directory's accounts note, settled when its reading began. */
export async function readNoted(
  tx: Tx,
  { workspaceId, snapshotId }: Pick<RunHandle, "workspaceId" | "snapshotId">,
): Promise<NotedEvidence> {
  const [row] = await tx.execute<{ sign_ins: string | null; usage: string | null }>(sql`
    select sign_ins_noted_id as sign_ins, usage_noted_id as usage from snapshots
    where workspace_id = ${workspaceId} and id = ${snapshotId}`);
  const idOf = (id: string | null | undefined): number | null => (id ? Number(id) : null);
  return { signIns: idOf(row?.sign_ins), usage: idOf(row?.usage) };
}

/** Columns of `snapshot_users` that hold it. */
export const notedColumns = sql`sign_in_on, sign_in_told, usage_on, mailbox_bytes, mailbox_archive`;

/**
 * Values of `notedColumns` for accounts `a` (user_id; upn_key: the UPN in lower case, made in a select of its own, since
 * row-level security keeps lower() out of index conditions), and the joins that look them up, one account at a time.
 */
export function lookUpNoted(
  workspaceId: string,
  { signIns, usage }: NotedEvidence,
): { readonly values: SQL; readonly joins: SQL } {
  const told =
    signIns === null
      ? { values: sql`null::date, null::boolean`, join: sql`` }
      : {
          values: sql`s.evidence_on, s.user_id is not null`,
          join: sql`left join lateral (
            select user_id, evidence_on from snapshot_sign_ins
            where workspace_id = ${workspaceId}::uuid and snapshot_id = ${signIns}::bigint
              and user_id = a.user_id offset 0) s on true`,
        };
  const used =
    usage === null
      ? { values: sql`null::date, null::bigint, null::boolean`, join: sql`` }
      : {
          values: sql`g.evidence_on, g.storage_bytes, g.has_archive`,
          join: sql`left join lateral (
            select evidence_on, storage_bytes, has_archive from snapshot_usage_evidence
            where workspace_id = ${workspaceId}::uuid and snapshot_id = ${usage}::bigint
              and upn_key = a.upn_key offset 0) g on true`,
        };
  return { values: sql`${told.values}, ${used.values}`, joins: sql`${told.join} ${used.join}` };
}
