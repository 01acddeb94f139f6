import { recordAudit, systemAuditActor } from "#db/queries/audit";
import { listDuePackages } from "#db/queries/package-work";
import { failStuckRun, listOpenRuns } from "#db/queries/runs";
import { listDueVerifications } from "#db/queries/verification-requests";
import { queueOfRun } from "#db/queue";
import type { Failure } from "#lib/domain/failure";
import type { Platform } from "./context.ts";

/** A run that was taken and has committed nothing for this long is stuck. Source: DESIGN §4.2. */
const stuckAfterMinutes = 30;

const noProgress: Failure = { class: "system", code: "no-progress" };

/** What one round of the reconciler did. */
export interface Woken {
  readonly sent: number;
  readonly failed: number;
}

type Part = Pick<Platform, "db" | "queue">;

/**
 * The reconciler of runs: sends every active run again, which changes nothing where a job lives, and fails those that
 * are stuck; a paused one not before its time. `mayFail` is false while a worker that has just started gives interrupted runs the time to go on.
 * Source: DESIGN §4.2, reference/fault-catalogue.md A25.
 */
export async function wakeRuns(
  platform: Part,
  options: { readonly mayFail: boolean },
): Promise<Woken> {
  const runs = await platform.db.outside((tx) => listOpenRuns(tx));
  let failed = 0;
  for (const { workspaceId, runId, dataset, turnAt, pausedUntil } of runs) {
    const ended = await platform.db.inWorkspace(workspaceId, async (tx) => {
      const stuck = { minutes: stuckAfterMinutes, failure: noProgress };
      if (options.mayFail && (await failStuckRun(tx, { workspaceId, runId }, stuck))) {
        await recordAudit(tx, {
          workspaceId,
          actor: systemAuditActor,
          action: "import.failed",
          target: { kind: "run", id: runId },
          details: { code: noProgress.code },
        });
        return true;
      }
      const time = { turnAt, notBefore: pausedUntil };
      await platform.queue.send(tx, queueOfRun(dataset), { workspaceId, id: runId }, runId, time);
      return false;
    });
    if (ended) failed += 1;
  }
  return { sent: runs.length - failed, failed };
}

/** Sends every verification that is due: asked for, waiting for a moment that has come, or left by a dead worker. */
export async function wakeVerifications(platform: Part): Promise<number> {
  const due = await platform.db.outside((tx) => listDueVerifications(tx));
  for (const { workspaceId, verificationId } of due) {
    await platform.db.inWorkspace(workspaceId, (tx) =>
      platform.queue.send(tx, "verification", { workspaceId, id: verificationId }, verificationId),
    );
  }
  return due.length;
}

/** Sends every upload that somebody should look at: to be checked, to be imported, or to be emptied. */
export async function wakePackages(platform: Part): Promise<number> {
  const due = await platform.db.outside((tx) => listDuePackages(tx));
  for (const { workspaceId, packageId } of due) {
    await platform.db.inWorkspace(workspaceId, (tx) =>
      platform.queue.send(tx, "package", { workspaceId, id: packageId }, packageId),
    );
  }
  return due.length;
}
