import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Dataset } from "#lib/domain/import";
import type { UtcDay } from "#lib/domain/license";
import type { RunHandle } from "#lib/import/ports";
import { withBulkPlans } from "./bulk-plans.ts";
import { noteChanges } from "./change-record.ts";
import { holdEpoch, SupersededError } from "./import-store-fence.ts";
import { digestSnapshot } from "./publish-digest.ts";
import { storeReports } from "./publish-reports.ts";
import { reconcileConnection } from "./reconcile.ts";
import { reconcileIfEvidenceMoved } from "./reconcile-evidence.ts";
import { snapshotFigures } from "./snapshot-figures.ts";
import { flipSnapshot, releaseHeld } from "./snapshot-states.ts";
import { abandonSnapshot } from "./snapshots.ts";
import { storeUsageEvidence } from "./usage-evidence.ts";

type Published = Pick<
  RunHandle,
  "workspaceId" | "connectionId" | "runId" | "dataset" | "snapshotId"
>;

/**
 * Publishes a running run in one transaction that locks the connection: pointer, licenses, reconciliation, history.
 * Throws SupersededError when the run lost its epoch or the connection is disconnected. Source: DESIGN §4.6.
 */
export async function publishRun(tx: Tx, run: RunHandle): Promise<"published" | "unchanged"> {
  const status = await lockConnection(tx, run);
  if (status === "disconnected") throw new SupersededError();
  await holdEpoch(tx, run);
  return publishSnapshot(tx, run, null);
}

/**
 * Publishes a held run on a person's word. `gone`: it was published, discarded or replaced meanwhile, or its connection
 * is disconnected. The caller authorises and audits. Source: DESIGN §4.5.
 */
export async function publishHeldRun(
  tx: Tx,
  decision: { readonly workspaceId: string; readonly runId: string; readonly decidedBy: string },
): Promise<"published" | "unchanged" | "gone"> {
  const held = await lockHeld(tx, decision);
  return held === null ? "gone" : publishSnapshot(tx, held, decision.decidedBy);
}

/** Discards a held run: the published numbers stay as they are, the run ends as cancelled by that person. */
export async function discardHeldRun(
  tx: Tx,
  decision: { readonly workspaceId: string; readonly runId: string; readonly decidedBy: string },
): Promise<"discarded" | "gone"> {
  const held = await lockHeld(tx, decision);
  if (held === null) return "gone";
  await tx.execute(sql`
    update snapshots set state = 'discarded'
    where workspace_id = ${held.workspaceId} and id = ${held.snapshotId}`);
  await tx.execute(sql`
    update dataset_runs set state = 'cancelled', decided_by = ${decision.decidedBy}, finished_at = now()
    where workspace_id = ${held.workspaceId} and id = ${held.runId}`);
  return "discarded";
}

async function lockConnection(
  tx: Tx,
  run: Pick<RunHandle, "workspaceId" | "connectionId">,
): Promise<string | null> {
  const [connection] = await tx.execute<{ status: string }>(sql`
    select status from connections
    where workspace_id = ${run.workspaceId} and id = ${run.connectionId} for no key update`);
  return connection?.status ?? null;
}

/** The held run with its connection locked; null when there is nothing left to decide. */
async function lockHeld(
  tx: Tx,
  decision: { readonly workspaceId: string; readonly runId: string },
): Promise<Published | null> {
  const { workspaceId, runId } = decision;
  const [found] = await tx.execute<{ connection_id: string }>(sql`
    select connection_id from dataset_runs
    where workspace_id = ${workspaceId} and id = ${runId} and state = 'suspect'`);
  if (found === undefined) return null;
  const connectionId = found.connection_id;
  if ((await lockConnection(tx, { workspaceId, connectionId })) === "disconnected") return null;
  const [held] = await tx.execute<{ dataset: Dataset; snapshot_id: string }>(sql`
    select r.dataset, s.id as snapshot_id
    from dataset_runs r
    join snapshots s on s.workspace_id = r.workspace_id and s.id = r.snapshot_id
    where r.workspace_id = ${workspaceId} and r.id = ${runId} and r.state = 'suspect'
      and s.state = 'held'
    for update of r, s`);
  if (held === undefined) return null;
  const { dataset } = held;
  return { workspaceId, runId, connectionId, dataset, snapshotId: Number(held.snapshot_id) };
}

/** With the connection locked: the same content only moves its date, other content becomes what readers see. */
async function publishSnapshot(
  tx: Tx,
  run: Published,
  decidedBy: string | null,
): Promise<"published" | "unchanged"> {
  const digest = await withBulkPlans(tx, () => digestSnapshot(tx, run));
  await releaseHeld(tx, run);
  const same = await findPublished(tx, run, digest);
  if (same !== null) {
    await moveDate(tx, run, same);
    await finishRun(tx, run, { snapshotId: same, decidedBy });
    await settleConnection(tx, run, same);
    await reconcileIfEvidenceMoved(tx, run);
    return "unchanged";
  }
  await storeReports(tx, run);
  if (run.dataset === "usage") await withBulkPlans(tx, () => storeUsageEvidence(tx, run));
  const figures = await withBulkPlans(tx, () => snapshotFigures(tx, run));
  await flipSnapshot(tx, run, { digest, figures });
  await finishRun(tx, run, { snapshotId: run.snapshotId, decidedBy });
  await settleConnection(tx, run, run.snapshotId);
  const collectedOn = await earlierDayOfPackage(tx, run);
  if (collectedOn !== null) {
    await reconcileConnection(tx, { ...run, cause: "publish", evaluatedOn: collectedOn });
  }
  await reconcileConnection(tx, { ...run, cause: "publish" });
  await noteChanges(tx, run);
  return "published";
}

/** A package of an earlier day is that day's history too: the UTC day it was collected; null for today's and for Microsoft's own data. */
async function earlierDayOfPackage(tx: Tx, run: Published): Promise<UtcDay | null> {
  const [row] = await tx.execute<{ day: UtcDay }>(sql`
    select (p.collected_at at time zone 'UTC')::date::text as day
    from dataset_runs r
    join packages p on p.workspace_id = r.workspace_id and p.id = r.package_id
    where r.workspace_id = ${run.workspaceId} and r.id = ${run.runId}
      and (p.collected_at at time zone 'UTC')::date < (now() at time zone 'UTC')::date`);
  return row?.day ?? null;
}

async function findPublished(tx: Tx, run: Published, digest: string): Promise<number | null> {
  const [same] = await tx.execute<{ id: string }>(sql`
    select s.id from dataset_epochs e
    join snapshots s on s.workspace_id = e.workspace_id and s.id = e.snapshot_id
    where e.workspace_id = ${run.workspaceId} and e.connection_id = ${run.connectionId}
      and e.dataset = ${run.dataset} and s.digest = ${digest} and s.id <> ${run.snapshotId}`);
  return same === undefined ? null : Number(same.id);
}

/** The published snapshot is as of the newer reading; the copy of its content goes with the next clean-up. */
async function moveDate(tx: Tx, run: Published, publishedId: number): Promise<void> {
  await tx.execute(sql`
    update snapshots p set as_of = greatest(p.as_of, n.as_of)
    from snapshots n
    where p.workspace_id = ${run.workspaceId} and p.id = ${publishedId}
      and n.workspace_id = p.workspace_id and n.id = ${run.snapshotId}`);
  await tx.execute(sql`
    update dataset_epochs set published_at = now()
    where workspace_id = ${run.workspaceId} and connection_id = ${run.connectionId}
      and dataset = ${run.dataset}`);
  await abandonSnapshot(tx, run);
}

async function finishRun(
  tx: Tx,
  run: Published,
  end: { readonly snapshotId: number; readonly decidedBy: string | null },
): Promise<void> {
  await tx.execute(sql`
    update dataset_runs set state = 'succeeded', snapshot_id = ${end.snapshotId}, published_at = now(),
      finished_at = now(), progress_at = now(), decided_by = ${end.decidedBy}
    where workspace_id = ${run.workspaceId} and id = ${run.runId}`);
}

/** A directory that could be read proves the credential, and tells what Microsoft calls the tenant. */
async function settleConnection(tx: Tx, run: Published, snapshotId: number): Promise<void> {
  if (run.dataset !== "directory") return;
  await tx.execute(sql`
    update connections c set tenant_name = o.display_name, tenant_domain = coalesce(o.default_domain, c.tenant_domain),
      status = case when c.status = 'action-needed' then 'ready' else c.status end,
      problem = case when c.status = 'action-needed' then null else c.problem end, updated_at = now()
    from snapshot_organizations o
    where c.workspace_id = ${run.workspaceId} and c.id = ${run.connectionId}
      and o.workspace_id = c.workspace_id and o.snapshot_id = ${snapshotId}`);
}
