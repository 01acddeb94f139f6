import type { Tx } from "#db/client";
import { systemAuditActor } from "#db/queries/audit";
import { databaseNow } from "#db/queries/clock";
import type { ConnectionKey } from "#db/queries/connections";
import { ensureSchedule } from "#db/queries/schedules";
import { defaultSchedule, nextRun } from "#lib/domain/schedule";

/** A connection that has just become ready is about to be read for the first time; its schedule waits so long, ms. */
const settleMs = 3_600_000;

/** Gives a connection that is ready for the first time its schedule: daily, in the night. Later calls change nothing. */
export async function giveDefaultSchedule(
  tx: Tx,
  { workspaceId, connectionId }: ConnectionKey,
): Promise<void> {
  const schedule = defaultSchedule(connectionId);
  const now = await databaseNow(tx);
  await ensureSchedule(
    tx,
    { workspaceId, connectionId },
    {
      schedule,
      nextRunAt: nextRun(schedule, new Date(now.getTime() + settleMs)),
      changedBy: systemAuditActor.name,
    },
  );
}
