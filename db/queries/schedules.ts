import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { datasetRuns } from "#db/schema/imports";
import { importSchedules } from "#db/schema/schedules";
import type { Schedule } from "#lib/domain/schedule";
import type { ConnectionKey } from "./connections.ts";

/** A connection's schedule and what it last did. */
export interface ScheduleRow {
  readonly connectionId: string;
  readonly schedule: Schedule;
  readonly nextRunAt: Date;
  /** Earlier runs were another timing's, or lay in a pause. */
  readonly inForceSince: Date;
  readonly lastRun: (ScheduledRun & { readonly at: Date }) | null;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** A timing and the first run it leads to. */
export interface NewTiming {
  readonly schedule: Schedule;
  readonly nextRunAt: Date;
  readonly changedBy: string;
}

const ofKey = (key: ConnectionKey) =>
  and(
    eq(importSchedules.workspaceId, key.workspaceId),
    eq(importSchedules.connectionId, key.connectionId),
  );

type Stored = typeof importSchedules.$inferSelect;

const toSchedule = ({ cadence, weekday, localTime: time, timeZone }: Stored): Schedule => {
  if (cadence === "daily") return { cadence, time, timeZone };
  if (weekday === null) throw new Error("a weekly schedule has a weekday");
  return { cadence, weekday, time, timeZone };
};

const toRow = (row: Stored): ScheduleRow => ({
  connectionId: row.connectionId,
  schedule: toSchedule(row),
  nextRunAt: row.nextRunAt,
  inForceSince: row.inForceSince,
  lastRun:
    row.lastDueAt === null || row.lastRunAt === null || row.lastImportId === null
      ? null
      : {
          dueAt: row.lastDueAt,
          at: row.lastRunAt,
          importId: row.lastImportId,
          joined: row.lastJoined,
        },
  changedBy: row.changedBy,
  changedAt: row.changedAt,
});

const timingColumns = ({ schedule, nextRunAt, changedBy }: NewTiming) => ({
  cadence: schedule.cadence,
  weekday: schedule.cadence === "weekly" ? schedule.weekday : null,
  localTime: schedule.time,
  timeZone: schedule.timeZone,
  nextRunAt,
  changedBy,
});

/** Gives a connection its first schedule; one it has already stays. */
export async function ensureSchedule(tx: Tx, key: ConnectionKey, timing: NewTiming): Promise<void> {
  const { workspaceId, connectionId } = key;
  await tx
    .insert(importSchedules)
    .values({ workspaceId, connectionId, ...timingColumns(timing) })
    .onConflictDoNothing();
}

/** Sets the timing, whether the connection had a schedule or not. Missed runs count from now on. */
export async function saveTiming(tx: Tx, key: ConnectionKey, timing: NewTiming): Promise<void> {
  const { workspaceId, connectionId } = key;
  const columns = timingColumns(timing);
  await tx
    .insert(importSchedules)
    .values({ workspaceId, connectionId, ...columns })
    .onConflictDoUpdate({
      target: [importSchedules.workspaceId, importSchedules.connectionId],
      set: { ...columns, inForceSince: sql`now()`, changedAt: sql`now()` },
    });
}

/**
 * The schedule, locked until the transaction ends. Whoever also locks the connection does so afterwards: a worker takes
 * the schedule first. Undefined before the connection was first ready.
 */
export async function lockSchedule(tx: Tx, key: ConnectionKey): Promise<ScheduleRow | undefined> {
  const [row] = await tx.select().from(importSchedules).where(ofKey(key)).for("update");
  return row && toRow(row);
}

/**
 * The schedule, locked, if it is due by the database's clock and no other worker has it. From here on the transaction
 * waits for a lock no longer than 3 s: a publish holds its connection for as long as it takes. Source:
 * reference/fault-catalogue.md A20.
 */
export async function takeDueSchedule(
  tx: Tx,
  key: ConnectionKey,
): Promise<ScheduleRow | undefined> {
  await tx.execute(sql`select set_config('lock_timeout', '3s', true)`);
  const [row] = await tx
    .select()
    .from(importSchedules)
    .where(and(ofKey(key), sql`${importSchedules.nextRunAt} <= now()`))
    .for("update", { skipLocked: true });
  return row && toRow(row);
}

/** What a due run got. */
export interface ScheduledRun {
  readonly dueAt: Date;
  readonly importId: string;
  readonly joined: boolean;
}

/** Sets the next run, and what the one that was due got; null when no import was possible. */
export async function recordScheduledRun(
  tx: Tx,
  key: ConnectionKey,
  nextRunAt: Date,
  run: ScheduledRun | null,
): Promise<void> {
  const last =
    run === null
      ? {}
      : {
          lastDueAt: run.dueAt,
          lastRunAt: sql`now()`,
          lastImportId: run.importId,
          lastJoined: run.joined,
        };
  await tx
    .update(importSchedules)
    .set({ nextRunAt, ...last })
    .where(ofKey(key));
}

/** Every schedule of the installation that is due, the longest first. Ids only. */
export async function listDueSchedules(tx: Tx): Promise<readonly ConnectionKey[]> {
  const rows = await tx.execute<{ workspace_id: string; connection_id: string }>(
    sql`select workspace_id, connection_id from app.schedules_due()`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, connectionId: row.connection_id }));
}

/** Schedules by connection; those never ready have none. */
export async function listSchedules(
  tx: Tx,
  query: { readonly workspaceId: string; readonly connectionIds: readonly string[] },
): Promise<ReadonlyMap<string, ScheduleRow>> {
  if (query.connectionIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(importSchedules)
    .where(
      and(
        eq(importSchedules.workspaceId, query.workspaceId),
        inArray(importSchedules.connectionId, [...query.connectionIds]),
      ),
    );
  return new Map(rows.map((row) => [row.connectionId, toRow(row)]));
}

/** Directory reads that failed since the last one that was read to its end, by connection; absent = none. */
export async function countFailuresInRow(
  tx: Tx,
  query: { readonly workspaceId: string; readonly connectionIds: readonly string[] },
): Promise<ReadonlyMap<string, number>> {
  if (query.connectionIds.length === 0) return new Map();
  const rows = await tx
    .select({ connectionId: datasetRuns.connectionId, failures: sql<number>`count(*)::int` })
    .from(datasetRuns)
    .where(
      and(
        eq(datasetRuns.workspaceId, query.workspaceId),
        inArray(datasetRuns.connectionId, [...query.connectionIds]),
        eq(datasetRuns.dataset, "directory"),
        eq(datasetRuns.state, "failed"),
        sql`not exists (
          select from dataset_runs later
          where later.workspace_id = ${datasetRuns.workspaceId}
            and later.connection_id = ${datasetRuns.connectionId} and later.dataset = 'directory'
            and later.state in ('succeeded', 'suspect') and later.created_at > ${datasetRuns.createdAt})`,
      ),
    )
    .groupBy(datasetRuns.connectionId);
  return new Map(rows.map((row) => [row.connectionId, row.failures]));
}

const ofConnection = (key: ConnectionKey) =>
  and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId));

/** No import starts from now on. The caller has locked schedule and connection. */
export async function recordPaused(tx: Tx, key: ConnectionKey, changedBy: string): Promise<void> {
  await tx
    .update(connections)
    .set({ status: "paused", updatedAt: sql`now()` })
    .where(ofConnection(key));
  await tx.update(importSchedules).set({ changedBy, changedAt: sql`now()` }).where(ofKey(key));
}

/** Ends a pause: what was wrong before it still is. The caller has locked schedule and connection. */
export async function recordResumed(tx: Tx, key: ConnectionKey): Promise<void> {
  await tx
    .update(connections)
    .set({
      status: sql`case when ${connections.problem} is null then 'ready' else 'action-needed' end`,
      updatedAt: sql`now()`,
    })
    .where(ofConnection(key));
}
