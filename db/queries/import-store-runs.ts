import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Failure } from "#lib/domain/failure";
import { type Dataset, type Read, readsOf } from "#lib/domain/import";
import type { Checkpoint, Hold, ReadEnd, RunHandle, SourceWait } from "#lib/import/ports";
import { withBulkPlans } from "./bulk-plans.ts";
import { proposeChanges } from "./change-record.ts";
import { holdEpoch, SupersededError } from "./import-store-fence.ts";
import { deleteRows } from "./import-store-rows.ts";
import type { NotedEvidence } from "./noted-evidence.ts";
import { storeReports } from "./publish-reports.ts";
import { isSummed } from "./read-sums.ts";
import { reconcileIfEvidenceMoved } from "./reconcile-evidence.ts";
import { releaseHeld } from "./snapshot-states.ts";
import { isSummedUp } from "./usage-evidence.ts";

/**
 * Takes the next epoch for a queued or running run, and makes its snapshot and checkpoints the first time. Null when the
 * run is over; a run whose connection is disconnected ends here. Throws SupersededError when it ends at this moment.
 * Source: DESIGN §4.2.
 */
export async function beginRun(
  tx: Tx,
  ids: { readonly workspaceId: string; readonly runId: string },
): Promise<RunHandle | null> {
  const [found] = await tx.execute<{ connection_id: string; dataset: Dataset; status: string }>(sql`
    select c.id as connection_id, r.dataset, c.status
    from dataset_runs r
    join connections c on c.workspace_id = r.workspace_id and c.id = r.connection_id
    where r.workspace_id = ${ids.workspaceId} and r.id = ${ids.runId}
      and r.state in ('queued', 'running')
    for share of c`);
  if (found === undefined) return null;
  const { connection_id: connectionId, dataset } = found;
  const [taken] = await tx.execute<{ epoch: number }>(sql`
    insert into dataset_epochs (workspace_id, connection_id, dataset, epoch)
    values (${ids.workspaceId}, ${connectionId}, ${dataset}, 1)
    on conflict (workspace_id, connection_id, dataset) do update set epoch = dataset_epochs.epoch + 1
    returning epoch`);
  if (taken === undefined) throw new Error("An epoch is always given.");
  const over = found.status === "disconnected";
  const [run] = await tx.execute<{ snapshot_id: string | null }>(sql`
    update dataset_runs set epoch = ${taken.epoch}, progress_at = now(), paused_until = null,
      state = ${over ? "cancelled" : "running"}, started_at = coalesce(started_at, now()),
      finished_at = case when ${over} then now() end
    where workspace_id = ${ids.workspaceId} and id = ${ids.runId} and state in ('queued', 'running')
    returning snapshot_id`);
  // The epoch must not have risen for a run that is over: another run of the dataset may hold it.
  if (run === undefined) throw new SupersededError();
  if (over) return null;
  const handle = { ...ids, connectionId, dataset, epoch: taken.epoch };
  const snapshotId =
    run.snapshot_id === null ? await createSnapshot(tx, handle) : Number(run.snapshot_id);
  return { ...handle, snapshotId };
}

/** What is read from now on is as of now; a package is as of its own collection. Source: DESIGN §5 "Other sources". */
const asOfNow = (run: Pick<RunHandle, "workspaceId" | "runId">): SQL => sql`coalesce((
  select p.collected_at from dataset_runs r
  join packages p on p.workspace_id = r.workspace_id and p.id = r.package_id
  where r.workspace_id = ${run.workspaceId} and r.id = ${run.runId}), now())`;

async function createSnapshot(tx: Tx, run: Omit<RunHandle, "snapshotId">): Promise<number> {
  const noted =
    run.dataset === "directory" ? await findEvidence(tx, run) : { signIns: null, usage: null };
  const [snapshot] = await tx.execute<{ id: string }>(sql`
    insert into snapshots (workspace_id, connection_id, dataset, run_id, as_of, sign_ins_noted_id,
      usage_noted_id)
    values (${run.workspaceId}, ${run.connectionId}, ${run.dataset}, ${run.runId}, ${asOfNow(run)},
      ${noted.signIns}, ${noted.usage})
    returning id`);
  if (snapshot === undefined) throw new Error("A snapshot always has an id.");
  await tx.execute(sql`
    update dataset_runs set snapshot_id = ${snapshot.id}
    where workspace_id = ${run.workspaceId} and id = ${run.runId}`);
  const reads = JSON.stringify(readsOf(run.dataset).map(({ read }) => ({ read, ...noSums(read) })));
  await tx.execute(sql`
    insert into read_checkpoints (workspace_id, run_id, read, digest, held)
    select ${run.workspaceId}, ${run.runId}, r.read, r.digest, r.held
    from jsonb_to_recordset(${reads}::jsonb) as r (read text, digest numeric, held jsonb)
    on conflict do nothing`);
  return Number(snapshot.id);
}

/** Sums of a read without rows; null where none are kept. */
const noSums = (read: Read) => ({
  digest: isSummed(read) ? "0" : null,
  held: read === "users" ? {} : null,
});

/** The evidence that is published now; usage only when it was summed up, which is what accounts are looked up in. */
async function findEvidence(
  tx: Tx,
  { workspaceId, connectionId }: Pick<RunHandle, "workspaceId" | "connectionId">,
): Promise<NotedEvidence> {
  const rows = await tx.execute<{ dataset: Dataset; id: string }>(sql`
    select dataset, snapshot_id as id from dataset_epochs
    where workspace_id = ${workspaceId} and connection_id = ${connectionId}
      and snapshot_id is not null and dataset in ('sign-ins', 'usage')`);
  const published = new Map(rows.map(({ dataset, id }) => [dataset, Number(id)]));
  const usage = published.get("usage") ?? null;
  return {
    signIns: published.get("sign-ins") ?? null,
    usage:
      usage !== null && (await isSummedUp(tx, { workspaceId, snapshotId: usage })) ? usage : null,
  };
}

interface CheckpointRow extends Record<string, unknown> {
  readonly read: Read;
  readonly state: Checkpoint["state"];
  readonly attempt: number;
  readonly page_no: number;
  readonly next_link: string | null;
  readonly rows: number;
  readonly quarantined: number;
  readonly committed_at: string | null;
}

/** The run's reads; instants are database time. */
export async function listCheckpoints(tx: Tx, run: RunHandle): Promise<readonly Checkpoint[]> {
  const rows = await tx.execute<CheckpointRow>(sql`
    select read, state, attempt, page_no, next_link, rows, quarantined, committed_at
    from read_checkpoints where workspace_id = ${run.workspaceId} and run_id = ${run.runId}`);
  return rows.map((row) => ({
    read: row.read,
    state: row.state,
    attempt: row.attempt,
    pageNo: row.page_no,
    next: row.next_link,
    rows: row.rows,
    quarantined: row.quarantined,
    committedAt: row.committed_at === null ? null : new Date(row.committed_at),
  }));
}

/**
 * Discards a read's rows; its next attempt starts with page 1. A snapshot that holds nothing any more is as of now: what
 * is read next is all there will be in it.
 */
export async function restartRead(tx: Tx, run: RunHandle, read: Read): Promise<void> {
  await holdEpoch(tx, run);
  await withBulkPlans(tx, () => deleteRows(tx, run, read));
  const { digest, held } = noSums(read);
  await tx.execute(sql`
    update read_checkpoints set digest = ${digest}, held = ${held === null ? null : "{}"}::jsonb,
      state = 'running', attempt = attempt + 1, page_no = 0,
      next_link = null, rows = 0, duplicates = 0, quarantined = 0, problems = '{}',
      unexpected = '[]', reason = null, failure = null, refreshed_on = null, concealed = null,
      committed_at = null, finished_at = null
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${read}`);
  await tx.execute(sql`
    update snapshots set as_of = ${asOfNow(run)}
    where workspace_id = ${run.workspaceId} and id = ${run.snapshotId}
      and not exists (select from read_checkpoints c where c.workspace_id = snapshots.workspace_id
        and c.run_id = ${run.runId} and c.page_no > 0)`);
}

/** Ends a read without its rows: what was read of it so far goes, since half of a list is none. */
export async function endRead(
  tx: Tx,
  run: RunHandle,
  read: Read,
  end: Exclude<ReadEnd, { kind: "restart" }>,
): Promise<void> {
  await holdEpoch(tx, run);
  await withBulkPlans(tx, () => deleteRows(tx, run, read));
  await tx.execute(sql`
    update read_checkpoints set state = ${end.kind}, failure = ${JSON.stringify(end.failure)}::jsonb,
      reason = ${end.kind === "unavailable" ? end.reason : null}, rows = 0, duplicates = 0,
      digest = null, held = null, next_link = null, wait_kind = null, wait_until = null, finished_at = now()
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${read}`);
}

/** Shows a wait. It counts as progress, as every write: the run is parked, not stuck. */
export async function noteWait(
  tx: Tx,
  run: RunHandle,
  note: { readonly read: Read; readonly wait: SourceWait; readonly retries: number },
): Promise<void> {
  await holdEpoch(tx, run);
  await tx.execute(sql`
    update read_checkpoints set wait_kind = ${note.wait.kind}, retries = retries + ${note.retries},
      wait_until = ${note.wait.until.toISOString()}, started_at = coalesce(started_at, now())
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${note.read}`);
}

/** Holds a complete read for a person's decision; an older held one of the dataset is replaced. Source: DESIGN §4.5. */
export async function holdRun(tx: Tx, run: RunHandle, hold: Hold): Promise<void> {
  await lockConnection(tx, run);
  await holdEpoch(tx, run);
  await releaseHeld(tx, run);
  await storeReports(tx, run);
  await tx.execute(sql`
    update snapshots set state = 'held', rows = ${hold.after.rows}
    where workspace_id = ${run.workspaceId} and id = ${run.snapshotId}`);
  await proposeChanges(tx, run);
  await endRun(tx, run, sql`state = 'suspect', hold = ${JSON.stringify(hold)}::jsonb`);
}

/**
 * Ends a run that published nothing. A failure of credential or tenant, or a missing mandatory permission, makes the
 * connection `action-needed`; a new reason for missing evidence recomputes the reconciliation.
 */
export async function failRun(tx: Tx, run: RunHandle, failure: Failure): Promise<void> {
  await lockConnection(tx, run);
  await holdEpoch(tx, run);
  await tx.execute(sql`
    update snapshots set state = 'discarded'
    where workspace_id = ${run.workspaceId} and id = ${run.snapshotId}`);
  await endRun(tx, run, sql`state = 'failed', failure = ${JSON.stringify(failure)}::jsonb`);
  if (needsAction(run.dataset, failure) && !(await isAbsence(tx, run, failure))) {
    await tx.execute(sql`
      update connections set status = 'action-needed', problem = ${JSON.stringify(failure)}::jsonb, updated_at = now()
      where workspace_id = ${run.workspaceId} and id = ${run.connectionId}
        and status in ('verifying', 'ready', 'action-needed')`);
  }
  await reconcileIfEvidenceMoved(tx, run);
}

/** Sign-ins or usage that this tenant does not have (no premium, not in its cloud): nobody has to act on that. */
async function isAbsence(tx: Tx, run: RunHandle, failure: Failure): Promise<boolean> {
  if (run.dataset === "directory") return false;
  const absent = await tx.execute(sql`
    select 1 from read_checkpoints
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and state = 'unavailable'
      and failure = ${JSON.stringify(failure)}::jsonb`);
  return absent.length > 0;
}

const needsAction = (dataset: Dataset, failure: Failure): boolean =>
  failure.class === "credential" ||
  failure.class === "tenant" ||
  (failure.class === "permission" && dataset === "directory");

/** The run is ours (holdEpoch). */
async function endRun(tx: Tx, run: RunHandle, change: SQL): Promise<void> {
  await tx.execute(sql`
    update dataset_runs set ${change}, finished_at = now()
    where workspace_id = ${run.workspaceId} and id = ${run.runId}`);
}

/** First lock of everything that may change what readers see. */
async function lockConnection(tx: Tx, run: RunHandle): Promise<void> {
  await tx.execute(sql`
    select 1 from connections
    where workspace_id = ${run.workspaceId} and id = ${run.connectionId} for no key update`);
}
