import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Read } from "#lib/domain/import";
import type { PagePlace, QuarantinedRow, RowOf, RunHandle, SourcePage } from "#lib/import/ports";
import { SupersededError, stillRunning } from "./import-store-fence.ts";
import type { PageRows } from "./import-store-rows.ts";
import type { UsersPlace } from "./import-store-users.ts";
import type { StoredPage } from "./read-sums.ts";
import { insertUnreadUsers } from "./unread-users.ts";

/** A page ready to be written: its rows as their statements take them, and what its checkpoint is told. */
export interface PreparedPage {
  readonly read: Read;
  readonly last: boolean;
  readonly next: string | null;
  /** Rows on the page. */
  readonly count: number;
  readonly rows: PageRows;
  readonly quarantined: number;
  /** Accounts of rows that were set aside, once each. */
  readonly unreadUserIds: readonly string[];
  readonly problems: Readonly<Record<string, number>>;
  readonly unexpected: readonly string[];
  readonly refreshedOn: string | null;
  readonly concealed: boolean | null;
}

/** Takes out of a page what is written of it. */
export const preparePage = <R extends Read>(
  read: R,
  page: SourcePage<RowOf<R>>,
  rows: PageRows,
): PreparedPage => ({
  read,
  last: page.last,
  next: page.next,
  count: page.rows.length,
  rows,
  quarantined: page.quarantined.length,
  unreadUserIds: [...new Set(page.quarantined.flatMap(({ userId }) => userId ?? []))],
  problems: countProblems(page.quarantined),
  unexpected: page.unexpected ?? [],
  refreshedOn: page.report?.refreshedOn ?? null,
  concealed: page.report?.concealed ?? settingOf(read, page.rows),
});

/** One entry per field and problem, to be counted: `assignedLicenses: missing`. No personal data. */
const countProblems = (quarantined: readonly QuarantinedRow[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { field, problem } of quarantined) {
    const key = `${field}: ${problem}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

/** What admin/reportSettings says: its one row is a fact of the run and stays on the checkpoint. */
const settingOf = (read: Read, rows: readonly object[]): boolean | null =>
  read === "report-settings" ? rows.some((row) => "concealed" in row && row.concealed) : null;

/**
 * Commits one page: the checkpoint moves from page n − 1 to n and the rows go in, or neither. A page that is there
 * already (the answer to its COMMIT was lost) counts as applied. Throws SupersededError. Source: DESIGN §4.3,
 * fault-catalogue A6.
 */
export async function writePage(
  tx: Tx,
  run: RunHandle,
  page: PreparedPage,
  place: PagePlace & Pick<UsersPlace, "replacing">,
): Promise<void> {
  const before = await holdCheckpoint(tx, run, page.read, place);
  if (before === "already-there") return;
  const stored = await page.rows.insert(tx, run, { ...place, before });
  if (page.unreadUserIds.length > 0) await insertUnreadUsers(tx, run, page.unreadUserIds);
  await advance(tx, run, page, place, stored);
}

/** Locks the read's checkpoint behind the fence and says how many rows the read has before this page. */
async function holdCheckpoint(
  tx: Tx,
  run: RunHandle,
  read: Read,
  { attempt, pageNo }: PagePlace,
): Promise<number | "already-there"> {
  const [at] = await tx.execute<{
    attempt: number;
    page_no: number;
    rows: number;
    open: boolean;
  }>(sql`
    with ${stillRunning(run)}
    select attempt, page_no, rows, state in ('queued', 'running') as open from read_checkpoints
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${read}
      and exists (select from running)
    for no key update`);
  if (at?.attempt !== attempt) throw new SupersededError();
  if (at.page_no >= pageNo) return "already-there";
  if (at.page_no !== pageNo - 1 || !at.open) throw new SupersededError();
  return at.rows;
}

/** Moves the checkpoint to the page, and adds to the read's sums what storing it changed. */
async function advance(
  tx: Tx,
  run: RunHandle,
  page: PreparedPage,
  { pageNo, retries }: PagePlace,
  stored: StoredPage,
): Promise<void> {
  const problems = JSON.stringify(page.problems);
  const unexpected = JSON.stringify(page.unexpected);
  const held = stored.held === undefined ? null : JSON.stringify(stored.held);
  await tx.execute(sql`
    update read_checkpoints set
      state = ${page.last ? "complete" : "running"}, page_no = ${pageNo}, next_link = ${page.next},
      rows = rows + ${page.count}, duplicates = duplicates + ${stored.duplicates},
      digest = digest + ${stored.digest}::numeric,
      held = case when held is null or ${held}::jsonb is null then held else (
        select coalesce(jsonb_object_agg(key, n), '{}') from (
          select key, sum(value::int) as n
          from (select * from jsonb_each_text(held) union all select * from jsonb_each_text(${held}::jsonb)) p
          group by key) summed) end,
      quarantined = quarantined + ${page.quarantined}, retries = retries + ${retries},
      problems = (select coalesce(jsonb_object_agg(key, n), '{}') from (
        select key, sum(value::int) as n
        from (select * from jsonb_each_text(problems) union all select * from jsonb_each_text(${problems}::jsonb)) p
        group by key) summed),
      unexpected = (select coalesce(jsonb_agg(name order by name), '[]') from (
        select jsonb_array_elements_text(unexpected) union select jsonb_array_elements_text(${unexpected}::jsonb)
      ) names (name)),
      refreshed_on = coalesce(${page.refreshedOn}, refreshed_on),
      concealed = coalesce(${page.concealed}, concealed),
      wait_kind = case when wait_until > now() then wait_kind end,
      wait_until = case when wait_until > now() then wait_until end,
      started_at = coalesce(started_at, now()), committed_at = now(),
      finished_at = case when ${page.last} then now() end
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${page.read}`);
}
