import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type Read, reportOf } from "#lib/domain/import";
import type { RunHandle } from "#lib/import/ports";
import { reportNumber } from "./report-number.ts";

/**
 * What storing a page changed. `digest` is to be added to the read's sum (null = it cannot be told, the sum has to be
 * taken from the rows), `held` to the holders per SKU number (seats).
 */
export interface StoredPage {
  /** Rows given up because the same id came again. */
  readonly duplicates: number;
  readonly digest: string | null;
  readonly held?: Readonly<Record<string, number>>;
}

/**
 * Hash of one row's content, 64 bits. Its sum over rows says what a table holds in whatever order. The columns are hashed
 * together: `hash_record_extended` is linear in its columns, so that two rows could swap a value and its sum would stay.
 */
export const rowHash = (columns: SQL): SQL =>
  sql`hashbyteaextended(record_send(row(${columns})), 1)::numeric`;

/** Columns of table `t` that make an account. `deleted` follows from the deleted users, numbers differ between reads. */
export const userContent = sql`t.user_id, t.user_principal_name, t.display_name, t.mail,
  t.account_enabled, t.user_type, t.created_at, t.usage_location, t.country, t.city, t.department,
  t.job_title, t.company_name, t.office_location, t.employee_id, t.employee_type,
  t.on_premises_synced`;

/** What makes an assignment: its account `u` and columns of table `t`. */
export const assignmentContent = sql`u.user_id, t.sku_no, t.holds, t.direct, t.group_ids,
  t.in_error, t.error, t.assigned_at, t.disabled_plan_ids`;

export const signInContent = sql`t.user_id, t.last_successful_at, t.last_interactive_at,
  t.last_non_interactive_at`;

export const usageContent = sql`t.upn_key, t.report, t.last_activity_on, t.storage_bytes,
  t.has_archive`;

/** Reads with a row per account: their sums are kept with the checkpoint, page by page. */
export const isSummed = (read: Read): boolean =>
  read === "users" || read === "sign-ins" || reportOf(read) !== null;

/** Adds what a page changed to its checkpoint, in the page's transaction. */
export async function addToSums(
  tx: Tx,
  run: RunHandle,
  read: Read,
  stored: StoredPage,
): Promise<void> {
  if (stored.duplicates === 0 && !isSummed(read)) return;
  const held = stored.held === undefined ? null : JSON.stringify(stored.held);
  await tx.execute(sql`
    update read_checkpoints set duplicates = duplicates + ${stored.duplicates},
      digest = digest + ${stored.digest}::numeric,
      held = case when held is null or ${held}::jsonb is null then held else (
        select coalesce(jsonb_object_agg(key, n), '{}') from (
          select key, sum(value::int) as n
          from (select * from jsonb_each_text(held) union all select * from jsonb_each_text(${held}::jsonb)) p
          group by key) summed) end
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${read}`);
}

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/** The sum over the rows a summed read has stored: what its checkpoint says unless that is null. */
export async function sumRows(tx: Tx, place: Place, read: Read): Promise<string> {
  const of = (table: string): SQL => sql`${sql.raw(table)} t
    where t.workspace_id = ${place.workspaceId} and t.snapshot_id = ${place.snapshotId}`;
  const total = async (sums: SQL): Promise<string> => {
    const [row] = await tx.execute<{ total: string }>(sql`select ${sums} as total`);
    if (row === undefined) throw new Error("Aggregates always give a row.");
    return row.total;
  };
  const sum = (content: SQL, from: SQL): SQL =>
    sql`(select coalesce(sum(${rowHash(content)}), 0) from ${from})`;
  if (read === "sign-ins") return total(sum(signInContent, of("snapshot_sign_ins")));
  if (read === "users") {
    const seats = sql`snapshot_assignments t
      join snapshot_users u on u.workspace_id = t.workspace_id
        and u.snapshot_id = t.snapshot_id and u.user_no = t.user_no
      where t.workspace_id = ${place.workspaceId} and t.snapshot_id = ${place.snapshotId}`;
    return total(sql`${sum(userContent, of("snapshot_users"))} + ${sum(assignmentContent, seats)}`);
  }
  const report = reportOf(read);
  if (report === null) throw new Error(`${read} has no sum.`);
  return total(
    sum(usageContent, sql`${of("snapshot_usage")} and t.report = ${reportNumber(report)}`),
  );
}
