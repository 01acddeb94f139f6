import type { Tx } from "#db/client";
import { databaseNow } from "#db/queries/clock";
import { countFailuresInRow, listSchedules, type ScheduleRow } from "#db/queries/schedules";
import { secondsSinceWorkerSeen } from "#db/queries/workers";
import type { ConnectionItem, ScheduleItem } from "#lib/domain/connection-item";
import { findOverdue, overdueAfterMs } from "#lib/domain/overdue";
import { overdueText } from "#lib/domain/overdue-text";
import { lastRun } from "#lib/domain/schedule";

/** What of a connection its schedule is judged by. */
type Judged = Pick<ConnectionItem, "id" | "status" | "asOf" | "lastImport">;

/** The same for every connection of one answer. */
interface Moment {
  readonly now: Date;
  readonly workerSeenSecondsAgo: number | null;
}

/** Schedules of connections that have one and are not disconnected, each with what is wrong with it, by connection. */
export async function readSchedules(
  tx: Tx,
  workspaceId: string,
  connections: readonly Judged[],
): Promise<ReadonlyMap<string, ScheduleItem>> {
  const alive = connections.filter(({ status }) => status !== "disconnected");
  const query = { workspaceId, connectionIds: alive.map(({ id }) => id) };
  const rows = await listSchedules(tx, query);
  if (rows.size === 0) return new Map();
  const failures = await countFailuresInRow(tx, query);
  const moment: Moment = {
    now: await databaseNow(tx),
    workerSeenSecondsAgo: await secondsSinceWorkerSeen(tx),
  };
  const items = alive.flatMap((connection) => {
    const row = rows.get(connection.id);
    const failedInRow = failures.get(connection.id) ?? 0;
    return row ? [[row.connectionId, toItem(row, connection, failedInRow, moment)] as const] : [];
  });
  return new Map(items);
}

function toItem(
  row: ScheduleRow,
  connection: Judged,
  failedInRow: number,
  moment: Moment,
): ScheduleItem {
  const { schedule } = row;
  const paused = connection.status === "paused";
  return {
    cadence: schedule.cadence,
    weekday: schedule.cadence === "weekly" ? schedule.weekday : null,
    time: schedule.time,
    timeZone: schedule.timeZone,
    paused,
    nextRunAt: paused ? null : row.nextRunAt.toISOString(),
    lastRun: row.lastRun && {
      dueAt: row.lastRun.dueAt.toISOString(),
      at: row.lastRun.at.toISOString(),
      importId: row.lastRun.importId,
      joined: row.lastRun.joined,
    },
    overdue: overdueOf(row, connection, failedInRow, moment),
    changedAt: row.changedAt.toISOString(),
    changedBy: row.changedBy,
  };
}

function overdueOf(
  row: ScheduleRow,
  { status, asOf, lastImport }: Judged,
  failedInRow: number,
  { now, workerSeenSecondsAgo }: Moment,
): ScheduleItem["overdue"] {
  const due = lastRun(row.schedule, new Date(now.getTime() - overdueAfterMs));
  const started = [lastImport?.createdAt, row.lastRun?.at.toISOString()].filter(
    (at) => at !== undefined,
  );
  const overdue = findOverdue({
    status,
    dueAt: due >= row.inForceSince ? due : null,
    publishedAt: asOf.directory === null ? null : new Date(asOf.directory),
    startedAt: started.length === 0 ? null : new Date(Math.max(...started.map(Date.parse))),
    importing: lastImport?.state === "queued" || lastImport?.state === "running",
    failedInRow,
    workerSeenSecondsAgo,
  });
  return (
    overdue && {
      reason: overdue.reason,
      dueAt: overdue.dueAt.toISOString(),
      ...overdueText(overdue.reason, failedInRow),
    }
  );
}
