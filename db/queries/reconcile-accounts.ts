import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { deviceSkus } from "#lib/domain/device-skus";
import type { Activity } from "#lib/domain/license";
import { sharedMailboxLimitBytes } from "#lib/domain/opportunity";
import { known } from "#lib/domain/quantity";
import type { HolderCounts } from "#lib/domain/reconcile";
import { accountsWithEvidence } from "./accounts-with-evidence.ts";
import { activityOf } from "./activity-sql.ts";
import { withList } from "./bulk-plans.ts";
import type { Basis } from "./reconcile-basis.ts";
import { countSeats } from "./seat-counts.ts";
import { type AlikeSeats, alikeSeats, hasTraits, seatTrait } from "./seat-traits.ts";
import { storeUsageEvidence } from "./usage-evidence.ts";

/** Activities by the number reconcile_accounts has for them. */
const activities = [
  "active",
  "tooNew",
  "inactive",
  "neverUsed",
  "unknown",
] as const satisfies readonly Activity[];
const numberOf = (activity: Activity): SQL => sql.raw(String(activities.indexOf(activity)));

/**
 * Computes once per account what every license asks of it, into `reconcile_accounts`, a table of this transaction:
 * `activity` (a number of `activities`) as far as the account alone decides it, and `mailbox` (what stands against
 * reclaiming a license with a mailbox; blocked accounts only). Only of accounts that anything is to be said of: those
 * that are blocked, excluded, of a device or, where activity is known, not active. Of the others all that is counted is
 * in the seats already. Deleted accounts are not in it: they consume nothing. Source: DESIGN §5, docs/adr/0017.
 */
export async function prepareAccounts(tx: Tx, basis: Basis): Promise<void> {
  const { usageSnapshotId } = basis;
  if (usageSnapshotId !== null) {
    await storeUsageEvidence(tx, {
      workspaceId: basis.connection.workspaceId,
      snapshotId: usageSnapshotId,
    });
  }
  const told = basis.activity.kind === "known";
  const notActive = told ? sql`or activity <> ${numberOf("active")}` : sql``;
  await tx.execute(sql`
    create temporary table reconcile_accounts on commit drop as
    select user_no, evidence_on, created_on, blocked, device, excluded, carried, mailbox, activity
    from (
      select a.user_no, a.evidence_on, a.blocked, a.device, a.excluded, a.carried,
        (a.created_at at time zone 'UTC')::date as created_on,
        ${mailboxOf(basis)} as mailbox, ${accountActivity(basis)} as activity
      from (${accountsWithEvidence(basis, await deviceSkuNumbers(tx, basis))}) a) accounts
    where blocked or device or excluded ${notActive}`);
  await prepareSeats(tx, basis);
}

/**
 * The seats of `reconcile_accounts` into `reconcile_seats`, a table of this transaction, with the activity of each: an
 * assignment may be new where the account is not. Accounts go as a list that the planner sees, along which it reads the
 * index; a subquery's hash it would ask of every row there is.
 */
async function prepareSeats(tx: Tx, basis: Basis): Promise<void> {
  const { directorySnapshotId } = basis;
  const { workspaceId } = basis.connection;
  const [listed] = await tx.execute<{ numbers: string }>(sql`
    select coalesce(array_agg(user_no), '{}')::text as numbers from reconcile_accounts`);
  await withList(tx, () =>
    tx.execute(sql`
      create temporary table reconcile_seats on commit drop as
      select a.sku_no, a.user_no, a.direct and a.group_ids is null as direct,
        case when u.blocked then a.disabled_plan_ids end as disabled_plan_ids,
        (${assignmentActivity(basis)})::smallint as activity
      from (
        select sku_no, user_no, direct, group_ids, assigned_at, disabled_plan_ids
        from snapshot_assignments
        where workspace_id = ${workspaceId} and snapshot_id = ${directorySnapshotId}
          and user_no = any (${listed?.numbers ?? "{}"}::int[]) and holds
        order by user_no) a
      join reconcile_accounts u on u.user_no = a.user_no`),
  );
}

/** The activity of an account `a` on a license it has had for long. */
const accountActivity = (basis: Basis): SQL => sql`
  (case ${activityOf(
    {
      evidenceOn: sql`a.evidence_on`,
      covered: sql`a.covered`,
      createdAt: sql`a.created_at`,
      assignedAt: sql`null::timestamptz`,
    },
    basis.cutoffs,
  )} ${sql.join(
    activities.map((activity) => sql`when ${sql.raw(`'${activity}'`)} then ${numberOf(activity)}`),
    sql` `,
  )} end)::smallint`;

/** The activity of an assignment `a` of an account `u` of reconcile_accounts: an assignment may be new where the account is not. */
const assignmentActivity = (basis: Basis): SQL => sql`
  case when u.activity > ${numberOf("tooNew")}
    and a.assigned_at >= ${basis.cutoffs.newSince}::timestamp at time zone 'UTC'
    then ${numberOf("tooNew")} else u.activity end`;

/** A seat `a` of reconcile_seats is of this activity. */
export const isActivity = (activity: Activity): SQL => sql`a.activity = ${numberOf(activity)}`;

/** Whether an account `a` holds a SKU of rooms and shared devices. */
async function deviceSkuNumbers(tx: Tx, basis: Basis): Promise<SQL> {
  const { workspaceId } = basis.connection;
  const ids = JSON.stringify(deviceSkus.map((sku) => sku.skuId));
  const numbers = await tx.execute<{ no: number }>(sql`
    select n.no from sku_numbers n
    where n.workspace_id = ${workspaceId}
      and n.sku_id in (select id::uuid from jsonb_array_elements_text(${ids}::jsonb) id)`);
  if (numbers.length === 0) return sql`false`;
  return sql`a.user_no in (
    select user_no from snapshot_assignments
    where workspace_id = ${workspaceId} and snapshot_id = ${basis.directorySnapshotId} and holds
      and sku_no = any (${`{${numbers.map(({ no }) => no).join(",")}}`}::int[]))`;
}

/** Of a blocked account `a`: whether its mailbox is too large, or what has to be looked at first. */
const mailboxOf = (basis: Basis): SQL => sql`
  case
    when not a.blocked then null
    when ${basis.mailbox.kind === "unknown"}::boolean or a.storage_bytes is null then 'mailbox-size-unknown'
    when a.storage_bytes > ${sharedMailboxLimitBytes}::bigint then 'large-mailbox'
    when a.has_archive is not false then 'mailbox-archive'
    else 'none'
  end`;

/** Ends the use of the two tables: a transaction may reconcile several connections. */
export async function dropAccounts(tx: Tx): Promise<void> {
  await tx.execute(sql`drop table reconcile_accounts, reconcile_seats`);
}

/**
 * Holders per SKU number; SKUs that are not in it have neither holders nor errors. Seats were counted while pages were
 * written; whoever is not in `reconcile_seats` is active, where activity is known. Seats.
 */
export async function countHolders(
  tx: Tx,
  basis: Basis,
): Promise<ReadonlyMap<number, HolderCounts>> {
  const seats = Map.groupBy(alikeSeats(await countSeats(tx, await runOf(tx, basis))), toSkuNo);
  const idle = Map.groupBy(await countIdle(tx, basis), toSkuNo);
  return new Map([...seats].map(([no, alike]) => [no, toCounts(alike, idle.get(no) ?? [], basis)]));
}

const toSkuNo = ({ skuNo }: { readonly skuNo: number }): number => skuNo;

/** The directory as the run that read it. */
async function runOf(tx: Tx, basis: Basis) {
  const { workspaceId } = basis.connection;
  const snapshotId = basis.directorySnapshotId;
  const [run] = await tx.execute<{ run_id: string }>(sql`
    select run_id from snapshots where workspace_id = ${workspaceId} and id = ${snapshotId}`);
  if (run === undefined) throw new Error("A published directory has its snapshot.");
  return { workspaceId, snapshotId, runId: run.run_id };
}

interface IdleSeats extends Record<string, unknown> {
  readonly skuNo: number;
  readonly activity: number;
  readonly seats: number;
}

const countIdle = (tx: Tx, basis: Basis): Promise<readonly IdleSeats[]> =>
  basis.activity.kind === "unknown"
    ? Promise.resolve([])
    : tx.execute<IdleSeats>(sql`
        select sku_no as "skuNo", activity, count(*)::int as seats from reconcile_seats
        group by sku_no, activity`);

function toCounts(
  alike: readonly AlikeSeats[],
  idle: readonly IdleSeats[],
  basis: Basis,
): HolderCounts {
  const count = (which: (traits: number) => boolean): number =>
    alike.reduce((sum, { traits, seats }) => (which(traits) ? sum + seats : sum), 0);
  const { holds, direct, byGroup, inError, blocked, guest } = seatTrait;
  const origin = holds | direct | byGroup;
  const holdsBy = (by: number) => count((traits) => (traits & origin) === (holds | by));
  const has = (wanted: number) => count((traits) => hasTraits(traits, wanted));
  const consumed = has(holds);
  const idleAs = (activity: Activity): number =>
    idle.reduce((sum, row) => (activities[row.activity] === activity ? sum + row.seats : sum), 0);
  const [inactive, neverUsed, tooNew, unknown] = [
    idleAs("inactive"),
    idleAs("neverUsed"),
    idleAs("tooNew"),
    idleAs("unknown"),
  ];
  return {
    consumed,
    assigned: {
      direct: holdsBy(direct),
      group: holdsBy(byGroup),
      both: holdsBy(direct | byGroup),
      unknown: holdsBy(0),
      errors: has(inError),
    },
    activity: activityCounts(
      {
        active: consumed - inactive - neverUsed - tooNew - unknown,
        inactive,
        neverUsed,
        tooNew,
        unknown,
      },
      basis,
    ),
    blocked: has(holds | blocked),
    guests: has(holds | guest),
  };
}

const activityCounts = (
  classes: Readonly<Record<Activity, number>>,
  basis: Basis,
): HolderCounts["activity"] =>
  basis.activity.kind === "unknown" ? basis.activity : known(classes);

/** Counts of a SKU nobody holds. */
export const noHolders = (basis: Basis): HolderCounts => toCounts([], [], basis);
