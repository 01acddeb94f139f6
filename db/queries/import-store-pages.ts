import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Read } from "#lib/domain/import";
import type { PageWrite, QuarantinedRow, RunHandle } from "#lib/import/ports";
import { holdEpoch, SupersededError } from "./import-store-fence.ts";
import { insertRows } from "./import-store-rows.ts";
import { addToSums } from "./read-sums.ts";

/** One entry per field and problem, to be counted: `assignedLicenses: missing`. No personal data. */
const countProblems = (quarantined: readonly QuarantinedRow[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { field, problem } of quarantined) {
    const key = `${field}: ${problem}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

/**
 * Commits one page: the checkpoint moves from page n − 1 to n and the rows go in, or neither. A page that is there
 * already (the answer to its COMMIT was lost) counts as applied. Source: DESIGN §4.3, fault-catalogue A6.
 */
export async function writePage<R extends Read>(
  tx: Tx,
  run: RunHandle,
  write: PageWrite<R>,
): Promise<void> {
  await holdEpoch(tx, run);
  const before = await advance(tx, run, write);
  if (before === "already-there") return;
  const stored = await insertRows(tx, run, {
    read: write.read,
    rows: write.page.rows,
    pageNo: write.pageNo,
    before,
  });
  await addToSums(tx, run, write.read, stored);
}

/** Moves the checkpoint and says how many rows the read had before this page. */
async function advance(
  tx: Tx,
  run: RunHandle,
  write: PageWrite,
): Promise<number | "already-there"> {
  const { page, pageNo, attempt, read } = write;
  const count = page.rows.length;
  const problems = JSON.stringify(countProblems(page.quarantined));
  const unexpected = JSON.stringify(page.unexpected ?? []);
  const concealed = page.report?.concealed ?? settingOf(write);
  const [moved] = await tx.execute<{ rows: number }>(sql`
    update read_checkpoints set
      state = ${page.last ? "complete" : "running"}, page_no = ${pageNo}, next_link = ${page.next},
      rows = rows + ${count}, quarantined = quarantined + ${page.quarantined.length},
      retries = retries + ${write.retries},
      problems = (select coalesce(jsonb_object_agg(key, n), '{}') from (
        select key, sum(value::int) as n
        from (select * from jsonb_each_text(problems) union all select * from jsonb_each_text(${problems}::jsonb)) p
        group by key) summed),
      unexpected = (select coalesce(jsonb_agg(name order by name), '[]') from (
        select jsonb_array_elements_text(unexpected) union select jsonb_array_elements_text(${unexpected}::jsonb)
      ) names (name)),
      refreshed_on = coalesce(${page.report?.refreshedOn ?? null}, refreshed_on),
      concealed = coalesce(${concealed}, concealed),
      wait_kind = case when wait_until > now() then wait_kind end,
      wait_until = case when wait_until > now() then wait_until end,
      started_at = coalesce(started_at, now()), committed_at = now(),
      finished_at = case when ${page.last} then now() end
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${read}
      and attempt = ${attempt} and page_no = ${pageNo - 1} and state in ('queued', 'running')
    returning rows`);
  if (moved !== undefined) return moved.rows - count;
  const there = await tx.execute(sql`
    select 1 from read_checkpoints
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${read}
      and attempt = ${attempt} and page_no >= ${pageNo}`);
  if (there.length === 0) throw new SupersededError();
  return "already-there";
}

/** What admin/reportSettings says: its one row is a fact of the run and stays on the checkpoint. */
function settingOf({ read, page }: PageWrite): boolean | null {
  if (read !== "report-settings") return null;
  return page.rows.some((row) => "concealed" in row && row.concealed);
}
