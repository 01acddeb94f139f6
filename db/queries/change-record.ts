import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { changeKinds, changeNumber, changeSubject, seatEffect } from "#lib/domain/change";
import type { Dataset } from "#lib/domain/import";
import { withBulkPlans } from "./bulk-plans.ts";
import { compareDepartments } from "./change-departments.ts";
import {
  type Compared,
  compareSeats,
  dropChangedSeats,
  nobody,
  seatChanges,
  skuChanges,
} from "./change-rows.ts";

/** A run whose snapshot is published or held in this transaction; its connection is locked. */
interface ChangedRun {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly runId: string;
  readonly dataset: Dataset;
  readonly snapshotId: number;
}

/** Ids begin with 1: nothing was published before. */
const noSnapshot = 0;

/** People of each sort whose rows a held read shows. */
const sampledPeople = 20;

/**
 * Notes, in the transaction that publishes a directory, that it is to be compared with the one it replaces: that takes as
 * long as the publish itself, and no figure waits for it. Neither goes until `compareChanges` is done. A first directory
 * leaves totals per SKU and has nothing to be compared with; other datasets change no license. docs/adr/0017.
 */
export async function noteChanges(tx: Tx, run: ChangedRun): Promise<void> {
  if (run.dataset !== "directory") return;
  await forgetProposal(tx, run);
  const before = await replacedSnapshot(tx, run);
  const state = before === null ? "published" : "comparing";
  const setId = await insertSet(tx, run, { state, before });
  if (before === null) await withBulkPlans(tx, () => countFirst(tx, { ...run, setId }));
}

/**
 * Writes what a published directory changed, if that is still to be done and nobody is at it: every row and count, and
 * that it is done, in one transaction. Returns whether it was.
 */
export async function compareChanges(
  tx: Tx,
  { workspaceId, setId }: { readonly workspaceId: string; readonly setId: number },
): Promise<boolean> {
  const [set] = await tx.execute<{ before: string; after: string }>(sql`
    select before_snapshot_id as before, after_snapshot_id as after from change_sets
    where workspace_id = ${workspaceId} and id = ${setId} and state = 'comparing'
    for update skip locked`);
  if (set === undefined) return false;
  const compared = { workspaceId, before: Number(set.before), after: Number(set.after) };
  await withBulkPlans(tx, async () => {
    await compareSeats(tx, compared);
    await insertChanges(tx, compared, setId);
    await dropChangedSeats(tx);
  });
  await tx.execute(sql`
    update change_sets set state = 'published', before_snapshot_id = null, after_snapshot_id = null
    where workspace_id = ${workspaceId} and id = ${setId}`);
  return true;
}

/**
 * Writes what a held directory would change: counts per SKU, departments, and the rows of up to 20 people who would lose
 * seats, 20 who would gain some and 20 who are blocked or unblocked. Replaced by `noteChanges` when it is published.
 */
export async function proposeChanges(tx: Tx, run: ChangedRun): Promise<void> {
  if (run.dataset !== "directory") return;
  await withBulkPlans(tx, async () => {
    await forgetProposal(tx, run);
    const before = await publishedSnapshot(tx, run);
    const setId = await insertSet(tx, run, { state: "proposed", before });
    const compared = {
      workspaceId: run.workspaceId,
      before: before ?? noSnapshot,
      after: run.snapshotId,
    };
    await compareDepartments(tx, compared, setId);
    await compareSeats(tx, compared);
    await insertChanges(tx, compared, setId, sampledPeople);
    await dropChangedSeats(tx);
  });
}

/** What a held run would have changed is of no use once it is decided; its few rows go with it. */
async function forgetProposal(tx: Tx, run: ChangedRun): Promise<void> {
  await tx.execute(sql`
    with gone as (
      delete from change_sets
      where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and state = 'proposed'
      returning id)
    delete from changes c using gone
    where c.workspace_id = ${run.workspaceId} and c.change_set_id = gone.id`);
}

/** The directory this one replaced: the newest retired one. The clean-up never removes it. */
async function replacedSnapshot(tx: Tx, run: ChangedRun): Promise<number | null> {
  const [replaced] = await tx.execute<{ id: string }>(sql`
    select id from snapshots
    where workspace_id = ${run.workspaceId} and connection_id = ${run.connectionId}
      and dataset = 'directory' and state = 'retired'
    order by published_at desc, id desc limit 1`);
  return replaced === undefined ? null : Number(replaced.id);
}

async function publishedSnapshot(tx: Tx, run: ChangedRun): Promise<number | null> {
  const [published] = await tx.execute<{ snapshot_id: string | null }>(sql`
    select snapshot_id from dataset_epochs
    where workspace_id = ${run.workspaceId} and connection_id = ${run.connectionId}
      and dataset = 'directory'`);
  return published?.snapshot_id ? Number(published.snapshot_id) : null;
}

async function insertSet(
  tx: Tx,
  run: ChangedRun,
  set: {
    readonly state: "proposed" | "comparing" | "published";
    readonly before: number | null;
  },
): Promise<number> {
  const comparing = set.state === "comparing";
  const [inserted] = await tx.execute<{ id: string }>(sql`
    insert into change_sets (workspace_id, connection_id, run_id, state, first, previous_as_of, as_of,
      before_snapshot_id, after_snapshot_id)
    select n.workspace_id, n.connection_id, ${run.runId}::uuid, ${set.state}::text, ${set.before === null}::boolean,
      (select o.as_of from snapshots o where o.workspace_id = n.workspace_id and o.id = ${set.before}::bigint),
      n.as_of, ${comparing ? set.before : null}::bigint, ${comparing ? run.snapshotId : null}::bigint
    from snapshots n where n.workspace_id = ${run.workspaceId} and n.id = ${run.snapshotId}
    returning id`);
  if (inserted === undefined) throw new Error("A run that is published has its snapshot.");
  return Number(inserted.id);
}

/** A first directory: its SKUs with their units, and its seats as its reconciliation just counted them. */
async function countFirst(
  tx: Tx,
  set: Pick<ChangedRun, "workspaceId" | "connectionId" | "snapshotId"> & { readonly setId: number },
): Promise<void> {
  const compared = { workspaceId: set.workspaceId, before: noSnapshot, after: set.snapshotId };
  await tx.execute(sql`
    with found as materialized (${skuChanges(compared)}),
    stored as (
      insert into changes (workspace_id, change_set_id, kind, sku_no, user_id, before, after)
      select ${set.workspaceId}::uuid, ${set.setId}::bigint, kind, sku_no, user_id, before, after
      from found)
    insert into change_counts (workspace_id, change_set_id, kind, sku_no, count)
    select ${set.workspaceId}::uuid, ${set.setId}::bigint, kind, sku_no, 1 from found
    union all
    select p.workspace_id, ${set.setId}::bigint, ${changeNumber("seat-gained")}::smallint, p.sku_no, p.consumed
    from connections c
    join license_positions p on p.workspace_id = c.workspace_id
      and p.reconciliation_id = c.reconciliation_id
    where c.workspace_id = ${set.workspaceId} and c.id = ${set.connectionId}
      and p.sku_no is not null and p.consumed > 0`);
}

/** Stores every change, or the rows of a sample of people, and counts all of them per kind and SKU. */
async function insertChanges(
  tx: Tx,
  compared: Compared,
  setId: number,
  people: number | null = null,
): Promise<void> {
  const { workspaceId } = compared;
  await tx.execute(sql`
    with found as materialized (${seatChanges} union all ${skuChanges(compared)}),
    stored as (
      insert into changes (workspace_id, change_set_id, kind, sku_no, user_id, before, after,
        display_name, user_principal_name)
      select ${workspaceId}::uuid, ${setId}::bigint, kind, sku_no, user_id, before, after, display_name,
        user_principal_name
      from found ${people === null ? sql`` : sql`where user_id = ${nobody}::uuid or user_id in (${sample(people)})`})
    insert into change_counts (workspace_id, change_set_id, kind, sku_no, count)
    select ${workspaceId}::uuid, ${setId}::bigint, kind, sku_no, count(*) from found group by kind, sku_no`);
}

/** The first people who lose seats, who gain some, and who are blocked or unblocked. */
const sample = (people: number): SQL =>
  sql.join(
    ([-1, 1, 0] as const).map((effect) => {
      const kinds = changeKinds.filter(
        (kind) => changeSubject(kind) === "seat" && seatEffect(kind) === effect,
      );
      return sql`(select user_id from changed_seats
        where kind in (${sql.raw(kinds.map(changeNumber).join())})
        group by user_id order by user_id limit ${people})`;
    }),
    sql` union `,
  );
