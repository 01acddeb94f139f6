import { and, eq, isNull, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { packages } from "#db/schema/packages";
import type { PackageFault } from "#lib/domain/package";
import type { ConnectionKey } from "./connections.ts";
import { ofKey, type PackageKey, type PackageRow, packageColumns } from "./packages.ts";

// What workers do about uploads: check them, import them in their turn, remove their bytes.

/** Takes a received upload to check it; the attempt fences out whoever took it before. */
export async function takePackage(tx: Tx, key: PackageKey): Promise<number | null> {
  const [taken] = await tx
    .update(packages)
    .set({ attempt: sql`${packages.attempt} + 1`, startedAt: sql`now()` })
    .where(and(ofKey(key), eq(packages.state, "received")))
    .returning({ attempt: packages.attempt });
  return taken?.attempt ?? null;
}

/** What a check found out of a sound upload. */
export interface CheckedFacts {
  readonly sha256: string;
  readonly collectedAt: Date;
  readonly collectorVersion: string | null;
  readonly hasSignIns: boolean;
  readonly skus: number;
  readonly users: number;
}

/** Writes how a check ended. False when another worker has taken it, or it was cancelled. */
export async function recordChecked(
  tx: Tx,
  key: PackageKey & { readonly attempt: number },
  end:
    | ({ readonly state: "waiting" | "unchanged" } & CheckedFacts)
    | ({ readonly state: "refused"; readonly fault: PackageFault } & Partial<CheckedFacts>),
): Promise<boolean> {
  const rows = await tx
    .update(packages)
    .set({ ...end, ...(end.state === "waiting" ? {} : { finishedAt: sql`now()` }) })
    .where(and(ofKey(key), eq(packages.state, "received"), eq(packages.attempt, key.attempt)))
    .returning({ id: packages.id });
  return rows.length === 1;
}

/** Ends a sound upload that is not imported: too late, or known already. */
export async function settleWaiting(
  tx: Tx,
  key: PackageKey,
  end: { readonly state: "refused" | "unchanged"; readonly fault: PackageFault | null },
): Promise<void> {
  await tx
    .update(packages)
    .set({ ...end, finishedAt: sql`now()` })
    .where(and(ofKey(key), eq(packages.state, "waiting")));
}

/** An import reads it from now on. */
export async function recordImporting(tx: Tx, key: PackageKey, importId: string): Promise<void> {
  await tx
    .update(packages)
    .set({ state: "importing", importId, finishedAt: sql`now()` })
    .where(and(ofKey(key), eq(packages.state, "waiting")));
}

/** The import that read the same bytes before; the newest. */
export async function findSameImported(
  tx: Tx,
  key: ConnectionKey & { readonly packageId: string; readonly sha256: string },
): Promise<string | undefined> {
  const [row] = await tx.execute<{ id: string }>(sql`
    select p.id from packages p
    join dataset_runs r on r.workspace_id = p.workspace_id and r.package_id = p.id
      and r.dataset = 'directory' and r.state = 'succeeded'
    where p.workspace_id = ${key.workspaceId} and p.connection_id = ${key.connectionId}
      and p.id <> ${key.packageId} and p.sha256 = ${key.sha256}
    order by p.created_at desc limit 1`);
  return row?.id;
}

/** When the data that readers see was collected; null before the first publish. */
export async function findPublishedAsOf(tx: Tx, key: ConnectionKey): Promise<Date | null> {
  const [row] = await tx.execute<{ as_of: string }>(sql`
    select s.as_of from dataset_epochs e
    join snapshots s on s.workspace_id = e.workspace_id and s.id = e.snapshot_id
    where e.workspace_id = ${key.workspaceId} and e.connection_id = ${key.connectionId}
      and e.dataset = 'directory'`);
  return row === undefined ? null : new Date(row.as_of);
}

/** Whether a sound upload of the connection that was collected earlier still waits: it goes first. */
export async function hasEarlierWaiting(
  tx: Tx,
  key: ConnectionKey & { readonly packageId: string },
): Promise<boolean> {
  const rows = await tx.execute(sql`
    select 1 from packages p join packages me on me.workspace_id = p.workspace_id and me.id = ${key.packageId}
    where p.workspace_id = ${key.workspaceId} and p.connection_id = ${key.connectionId}
      and p.state = 'waiting' and p.id <> me.id and (p.collected_at, p.id) < (me.collected_at, me.id)
    limit 1`);
  return rows.length > 0;
}

/** Whether any run of the connection is queued or running. */
export async function hasActiveRun(tx: Tx, key: ConnectionKey): Promise<boolean> {
  const rows = await tx.execute(sql`
    select 1 from dataset_runs
    where workspace_id = ${key.workspaceId} and connection_id = ${key.connectionId}
      and state in ('queued', 'running') limit 1`);
  return rows.length > 0;
}

/** Makes a new run read the package. */
export async function setRunPackage(
  tx: Tx,
  run: { readonly workspaceId: string; readonly runId: string; readonly packageId: string },
): Promise<void> {
  await tx.execute(sql`
    update dataset_runs set package_id = ${run.packageId}
    where workspace_id = ${run.workspaceId} and id = ${run.runId}`);
}

/** The package a run reads; undefined when it is gone or its bytes are. */
export async function findRunPackage(
  tx: Tx,
  run: { readonly workspaceId: string; readonly runId: string },
): Promise<PackageRow | undefined> {
  const [row] = await tx
    .select(packageColumns)
    .from(packages)
    .where(
      and(
        eq(packages.workspaceId, run.workspaceId),
        isNull(packages.emptiedAt),
        sql`${packages.id} = (select r.package_id from dataset_runs r
          where r.workspace_id = ${run.workspaceId} and r.id = ${run.runId})`,
      ),
    );
  return row;
}

/** A sound package is what makes the connection of the deprecated connector ready; a paused one stays paused. */
export async function recordPackageWorks(tx: Tx, key: ConnectionKey): Promise<void> {
  await tx.execute(sql`
    update connections set verified_at = now(), updated_at = now(), problem = null,
      status = case when status = 'paused' then 'paused' else 'ready' end
    where workspace_id = ${key.workspaceId} and id = ${key.connectionId}
      and status <> 'disconnected'`);
}

/** Uploads somebody should look at, across workspaces. Ids only. */
export async function listDuePackages(tx: Tx): Promise<readonly PackageKey[]> {
  const rows = await tx.execute<{ workspace_id: string; package_id: string }>(
    sql`select workspace_id, package_id from app.packages_due()`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, packageId: row.package_id }));
}

/** Gives up an upload that has not moved for a day. */
export async function abandonStale(tx: Tx, key: PackageKey): Promise<boolean> {
  const rows = await tx
    .update(packages)
    .set({ state: "cancelled", fault: { code: "sent-incomplete" }, finishedAt: sql`now()` })
    .where(
      and(
        ofKey(key),
        eq(packages.state, "receiving"),
        sql`${packages.progressAt} < now() - interval '1 day'`,
      ),
    )
    .returning({ id: packages.id });
  return rows.length === 1;
}

/** Whether nobody needs its bytes any more: it is over, and no run reads it. */
export async function isSpent(tx: Tx, key: PackageKey): Promise<boolean> {
  const rows = await tx
    .select({ id: packages.id })
    .from(packages)
    .where(
      and(
        ofKey(key),
        isNull(packages.emptiedAt),
        ne(packages.state, "receiving"),
        ne(packages.state, "received"),
        ne(packages.state, "waiting"),
        sql`not exists (select from dataset_runs r where r.workspace_id = ${packages.workspaceId}
          and r.package_id = ${packages.id} and r.state in ('queued', 'running'))`,
      ),
    );
  return rows.length === 1;
}
