import type { Tx } from "#db/client";
import { databaseNow } from "#db/queries/clock";
import type { ConnectionKey } from "#db/queries/connections";
import { findActiveRun } from "#db/queries/import-changes";
import {
  listDueSchedules,
  recordScheduledRun,
  type ScheduleRow,
  takeDueSchedule,
} from "#db/queries/schedules";
import { nextRun } from "#lib/domain/schedule";
import type { Actor } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx, WorkerPlatform } from "./context.ts";
import { isLockTimeout } from "./database-fault.ts";
import { UseCaseError } from "./errors.ts";
import { joinImport, type StartedImport, startImportWithin } from "./start-import.ts";

/** The schedule itself, acting for the workspace. */
const scheduler: Actor = { kind: "system", id: "schedule", name: "Schedule", role: "owner" };

/** How many due runs a round started, joined to imports under way, or found impossible. */
export interface DueRound {
  readonly started: number;
  readonly joined: number;
  readonly refused: number;
}

type Part = Pick<WorkerPlatform, "db" | "log"> & Ctx["platform"];

/**
 * Starts what is due, each schedule in a transaction of its own: whoever locks the row starts the import and sets the
 * next run in one step, so that any number of workers start exactly one. The database's clock decides. Runs missed
 * while nothing ran are caught up by one. A connection that cannot be served now waits for the next round and keeps no
 * other from it. Source: DESIGN §4.1, reference/fault-catalogue.md A19, A20.
 */
export async function startDueImports(platform: Part, signal: AbortSignal): Promise<DueRound> {
  const round = { started: 0, joined: 0, refused: 0 };
  for (const key of await platform.db.outside((tx) => listDueSchedules(tx))) {
    if (signal.aborted) return round;
    const outcome = await startOne(platform, key);
    if (outcome !== "not-taken") round[outcome] += 1;
  }
  return round;
}

type Outcome = keyof DueRound | "not-taken";

async function startOne(platform: Part, key: ConnectionKey): Promise<Outcome> {
  const ctx: Ctx = { platform, workspaceId: key.workspaceId, actor: scheduler };
  try {
    return await platform.db.inWorkspace(key.workspaceId, async (tx) => {
      const due = await takeDueSchedule(tx, key);
      return due === undefined ? "not-taken" : await serve(tx, ctx, due);
    });
  } catch (error) {
    if (!isLockTimeout(error)) {
      platform.log.error("scheduled-import-left-due", { connectionId: key.connectionId }, error);
    }
    return "not-taken";
  }
}

/** The schedule is locked: this worker's alone until the transaction ends. */
async function serve(tx: Tx, ctx: Ctx, due: ScheduleRow): Promise<Outcome> {
  const { connectionId, nextRunAt: dueAt } = due;
  const key = { workspaceId: ctx.workspaceId, connectionId };
  const got = await importFor(tx, ctx, connectionId);
  const nextRunAt = nextRun(due.schedule, await databaseNow(tx));
  await recordScheduledRun(tx, key, nextRunAt, got && { dueAt, ...got });
  const outcome = got === null ? "refused" : got.joined ? "joined" : "started";
  if (outcome !== "started") {
    await auditChange(tx, ctx, {
      action: outcome === "joined" ? "schedule.joined-import" : "schedule.import-refused",
      target: { kind: "connection", id: connectionId },
      details: { importId: got?.importId ?? null, dueAt: dueAt.toISOString() },
    });
  }
  return outcome;
}

/** Null when this connection cannot be imported: such a run is over, or it would be due for ever. */
async function importFor(tx: Tx, ctx: Ctx, connectionId: string): Promise<StartedImport | null> {
  const { workspaceId } = ctx;
  // Without the connection's lock, which a publish may hold for minutes.
  const active = await findActiveRun(tx, { workspaceId, connectionId, dataset: "directory" });
  if (active !== undefined) {
    const { importId } = active;
    await joinImport(tx, ctx, { importId, trigger: "scheduled" });
    return { importId, joined: true };
  }
  try {
    return await startImportWithin(tx, ctx, { connectionId, trigger: "scheduled" });
  } catch (error) {
    // Thrown before anything is written.
    if (error instanceof UseCaseError) return null;
    throw error;
  }
}
