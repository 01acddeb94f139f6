import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type Read, reportOf } from "#lib/domain/import";
import type { RunHandle } from "#lib/import/ports";
import { reportNumber } from "./report-number.ts";
import type { SeatCounts } from "./seat-traits.ts";

/**
 * What storing a page changed. `digest` is to be added to the read's sum (null = it cannot be told, the sum has to be
 * taken from the rows), `held` to the counts of seats.
 */
export interface StoredPage {
  /** Rows given up because the same id came again. */
  readonly duplicates: number;
  readonly digest: string | null;
  readonly held?: SeatCounts;
}

/**
 * Hash of one row's content, 64 bits. Its sum over rows says what a table holds in whatever order. The columns are hashed
 * together: `hash_record_extended` is linear in its columns, so that two rows could swap a value and its sum would stay.
 */
export const rowHash = (columns: SQL): SQL =>
  sql`hashbyteaextended(record_send(row(${columns})), 1)::numeric`;

export const signInContent = sql`t.user_id, t.last_successful_at, t.last_interactive_at,
  t.last_non_interactive_at`;

export const usageContent = sql`t.upn_key, t.report, t.last_activity_on, t.storage_bytes,
  t.has_archive`;

/** Reads with a row per account: their sums are kept with the checkpoint, page by page. */
export const isSummed = (read: Read): boolean =>
  read === "users" || read === "sign-ins" || reportOf(read) !== null;

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
    return total(sql`(select coalesce(sum(t.content_hash), 0) from ${of("snapshot_users")})`);
  }
  const report = reportOf(read);
  if (report === null) throw new Error(`${read} has no sum.`);
  return total(
    sum(usageContent, sql`${of("snapshot_usage")} and t.report = ${reportNumber(report)}`),
  );
}
