import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Dataset, ImportTrigger } from "#lib/domain/import";
import type { RunHandle } from "#lib/import/ports";
import { holdEpoch } from "./import-store-fence.ts";

/** What one waiting run of a workspace puts its next one back by: about a directory's time. Seconds. */
const stepSeconds = 60;

/**
 * Gives a new run its turn: at once, or a step after the last waiting one of its workspace. So a workspace that asks for
 * hundreds at the same moment takes turns with the others, and nobody waits for ever, since turns are instants. Imports
 * that a schedule asked for line up by themselves, behind nobody who asks for one now. Source: docs/adr/0009.
 */
export async function giveTurn(
  tx: Tx,
  run: {
    readonly workspaceId: string;
    readonly runId: string;
    readonly dataset: Dataset;
    readonly trigger: ImportTrigger;
  },
): Promise<Date> {
  const scheduled = run.trigger === "scheduled";
  const [given] = await tx.execute<{ at: string }>(sql`
    update dataset_runs r set turn_at = greatest(now(), (
      select max(w.turn_at) + make_interval(secs => ${stepSeconds})
      from dataset_runs w
      join import_runs l on l.workspace_id = w.workspace_id and l.run_id = w.id and not l.adopted
      join imports i on i.workspace_id = l.workspace_id and i.id = l.import_id
      where w.workspace_id = r.workspace_id and w.id <> r.id and w.state = 'queued'
        and (w.dataset = 'directory') = ${run.dataset === "directory"}
        and (i.trigger = 'scheduled') = ${scheduled}))
    where r.workspace_id = ${run.workspaceId} and r.id = ${run.runId}
    returning r.turn_at as at`);
  if (given === undefined) throw new Error("The run is there.");
  return new Date(given.at);
}

/** Longest that a run waits for Microsoft, or for a verification, without one page coming through, hours. */
const patienceHours = 2;

/**
 * Puts a run aside until Microsoft may be asked again, or its verification has gone on: it stays `running`, nobody works on it. Its turn, or `too-long`
 * when no page was read for hours and none would be by then. Throws SupersededError.
 */
export async function pauseRun(tx: Tx, run: RunHandle, until: Date): Promise<Date | "too-long"> {
  await holdEpoch(tx, run);
  const [paused] = await tx.execute<{ turn_at: string }>(sql`
    update dataset_runs r set paused_until = ${until.toISOString()}
    where r.workspace_id = ${run.workspaceId} and r.id = ${run.runId}
      and ${until.toISOString()}::timestamptz - make_interval(hours => ${patienceHours}) < greatest(r.started_at, (
        select max(c.committed_at) from read_checkpoints c
        where c.workspace_id = r.workspace_id and c.run_id = r.id))
    returning turn_at`);
  return paused === undefined ? "too-long" : new Date(paused.turn_at);
}
