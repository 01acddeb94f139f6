import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { nightlyChecks } from "#db/schema/health";
import { importSchedules } from "#db/schema/schedules";
import type { ConnectionKey } from "./connections.ts";

const ofKey = (key: ConnectionKey) =>
  and(
    eq(nightlyChecks.workspaceId, key.workspaceId),
    eq(nightlyChecks.connectionId, key.connectionId),
  );

/** Gives a connection its first nightly check; one it has already stays. */
export async function ensureNightlyCheck(
  tx: Tx,
  { workspaceId, connectionId }: ConnectionKey,
  nextCheckAt: Date,
): Promise<void> {
  await tx
    .insert(nightlyChecks)
    .values({ workspaceId, connectionId, nextCheckAt })
    .onConflictDoNothing();
}

/**
 * Takes the check, locked until the transaction ends, if it is due by the database's clock and no other worker has it.
 * From here on the transaction waits for a lock no longer than 3 s: a publish holds its connection for as long as it
 * takes. Source: reference/fault-catalogue.md A20.
 */
export async function takeDueCheck(tx: Tx, key: ConnectionKey): Promise<boolean> {
  await tx.execute(sql`select set_config('lock_timeout', '3s', true)`);
  const rows = await tx
    .select({ connectionId: nightlyChecks.connectionId })
    .from(nightlyChecks)
    .where(and(ofKey(key), sql`${nightlyChecks.nextCheckAt} <= now()`))
    .for("update", { skipLocked: true });
  return rows.length === 1;
}

/** Sets the next check after the one that was taken. */
export async function recordCheckAsked(
  tx: Tx,
  key: ConnectionKey,
  nextCheckAt: Date,
): Promise<void> {
  await tx.update(nightlyChecks).set({ nextCheckAt, lastAskedAt: sql`now()` }).where(ofKey(key));
}

/** Checks of a connection are kept so long; the last one that succeeded for ever. */
const keptFor = "90 days";

/** Removes the connection's old checks. */
export async function removeOldChecks(tx: Tx, key: ConnectionKey): Promise<void> {
  await tx.execute(sql`
    delete from verifications v
    where v.workspace_id = ${key.workspaceId} and v.connection_id = ${key.connectionId}
      and v.kind = 'check' and v.finished_at < now() - ${keptFor}::interval
      and exists (
        select from verifications later
        where later.workspace_id = v.workspace_id and later.connection_id = v.connection_id
          and later.state = 'succeeded' and later.created_at > v.created_at)`);
}

/** By whose clock the connection's nights are: its schedule's IANA time zone; null without a schedule. */
export async function findTimeZone(tx: Tx, key: ConnectionKey): Promise<string | null> {
  const [row] = await tx
    .select({ timeZone: importSchedules.timeZone })
    .from(importSchedules)
    .where(
      and(
        eq(importSchedules.workspaceId, key.workspaceId),
        eq(importSchedules.connectionId, key.connectionId),
      ),
    );
  return row?.timeZone ?? null;
}

/** Every check of the installation that is due, the longest first. Ids only. */
export async function listDueChecks(tx: Tx): Promise<readonly ConnectionKey[]> {
  const rows = await tx.execute<{ workspace_id: string; connection_id: string }>(
    sql`select workspace_id, connection_id from app.checks_due()`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, connectionId: row.connection_id }));
}
