import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { deviceSkus } from "#lib/domain/device-skus";
import type { Activity } from "#lib/domain/license";
import { sharedMailboxLimitBytes } from "#lib/domain/opportunity";
import { known } from "#lib/domain/quantity";
import type { HolderCounts } from "#lib/domain/reconcile";
import { activityOf } from "./activity-sql.ts";
import { largeRows } from "./bulk-plans.ts";
import type { Basis } from "./reconcile-basis.ts";
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
 * `activity` (a number of `activities`) as far as the account alone decides it, `mailbox` (what stands against reclaiming
 * a license with a mailbox; blocked accounts only) and whether any opportunity may arise. Deleted accounts are not in it:
 * they consume nothing. Source: DESIGN §5.
 */
export async function prepareAccounts(tx: Tx, basis: Basis): Promise<void> {
  const { usageSnapshotId } = basis;
  if (usageSnapshotId !== null) {
    await storeUsageEvidence(tx, {
      workspaceId: basis.connection.workspaceId,
      snapshotId: usageSnapshotId,
    });
  }
  const devices = await deviceSkuNumbers(tx, basis);
  await tx.execute(sql`
    create temporary table reconcile_accounts on commit drop as
    select user_no, evidence_on, created_on, blocked, guest, device, excluded, mailbox, activity,
      device or excluded or blocked
        or activity in (${numberOf("inactive")}, ${numberOf("neverUsed")}) as candidate
    from (
      select a.user_no, a.evidence_on, a.blocked, a.guest, x.user_id is not null as excluded,
        (a.created_at at time zone 'UTC')::date as created_on, ${devices} as device,
        ${mailboxOf(basis)} as mailbox, ${accountActivity(basis)} as activity
      from (${accountsWithEvidence(basis)}) a
      left join exclusions x on x.workspace_id = ${basis.connection.workspaceId}
        and x.tenant_id = ${basis.connection.tenantId} and x.user_id = a.user_id) accounts`);
}

/** A select of the accounts with the latest day of evidence, and whether the sign-ins cover them. */
function accountsWithEvidence(basis: Basis): SQL {
  const { directorySnapshotId, usageSnapshotId, evidence } = basis;
  const { workspaceId } = basis.connection;
  const signIns =
    evidence.signInsSnapshotId === null
      ? sql`select null::uuid as user_id, null::date as evidence_on where false`
      : sql`select user_id, evidence_on from snapshot_sign_ins
          where workspace_id = ${workspaceId} and snapshot_id = ${evidence.signInsSnapshotId}`;
  const usage =
    usageSnapshotId === null
      ? sql`select null as upn_key, null::date as evidence_on, null::bigint as storage_bytes,
          null::boolean as has_archive where false`
      : sql`select upn_key, evidence_on, storage_bytes, has_archive from snapshot_usage_evidence
          where workspace_id = ${workspaceId} and snapshot_id = ${usageSnapshotId}`;
  const usedOn = evidence.usage === null ? sql`null::date` : sql`g.evidence_on`;
  // lower() in a select of its own: row-level security keeps it out of join conditions (stack-notes).
  return sql`
    select u.*, greatest(s.evidence_on, ${usedOn}) as evidence_on, s.user_id is not null as covered,
      g.storage_bytes, g.has_archive
    from (
      select user_no, user_id, lower(user_principal_name) as upn_key, created_at,
        account_enabled is false as blocked, user_type is not distinct from 'Guest' as guest
      from snapshot_users
      where workspace_id = ${workspaceId} and snapshot_id = ${directorySnapshotId} and not deleted
      offset 0) u
    left join (${signIns}) s on s.user_id = u.user_id
    left join (${usage}) g on g.upn_key = u.upn_key`;
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

/** An assignment `a` of an account `u` is of this activity. */
export const isActivity = (basis: Basis, activity: Activity): SQL =>
  sql`(${assignmentActivity(basis)}) = ${numberOf(activity)}`;

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

/** The assignments of the directory under a condition, to be joined to reconcile_accounts. */
export const assignmentsOf = (basis: Basis, condition: SQL = sql`true`): SQL =>
  largeRows(
    "snapshot_assignments",
    [
      "sku_no",
      "user_no",
      "holds",
      "direct",
      "group_ids",
      "in_error",
      "assigned_at",
      "disabled_plan_ids",
    ],
    sql`workspace_id = ${basis.connection.workspaceId}
      and snapshot_id = ${basis.directorySnapshotId} and ${condition}`,
  );

/** Ends the use of `reconcile_accounts`: a transaction may reconcile several connections. */
export async function dropAccounts(tx: Tx): Promise<void> {
  await tx.execute(sql`drop table reconcile_accounts`);
}

/** How many assignments of a SKU are alike in everything that is counted. Seats. */
interface AlikeRow extends Record<string, unknown> {
  readonly sku_no: number;
  readonly traits: number;
  readonly n: number;
}

/** Bits of `traits`; the activity's number stands above them. */
const trait = { holds: 1, direct: 2, byGroup: 4, inError: 8, blocked: 16, guest: 32 } as const;
const activityUnit = 64;

/** Holders per SKU number, counted in one pass; SKUs without a row have neither holders nor errors. Seats. */
export async function countHolders(
  tx: Tx,
  basis: Basis,
): Promise<ReadonlyMap<number, HolderCounts>> {
  const rows = await tx.execute<AlikeRow>(sql`
    select sku_no, traits, count(*)::int as n
    from (
      select a.sku_no, a.holds::int * ${trait.holds} + a.direct::int * ${trait.direct}
        + (a.group_ids is not null)::int * ${trait.byGroup} + a.in_error::int * ${trait.inError}
        + u.blocked::int * ${trait.blocked} + u.guest::int * ${trait.guest}
        + (${assignmentActivity(basis)}) * ${activityUnit} as traits
      from ${assignmentsOf(basis)} a join reconcile_accounts u on u.user_no = a.user_no) alike
    group by sku_no, traits`);
  const bySku = Map.groupBy(rows, (row) => row.sku_no);
  return new Map([...bySku].map(([no, alike]) => [no, toCounts(alike, basis)]));
}

function toCounts(alike: readonly AlikeRow[], basis: Basis): HolderCounts {
  const count = (which: (traits: number) => boolean): number =>
    alike.reduce((sum, row) => (which(row.traits) ? sum + row.n : sum), 0);
  const { holds, direct, byGroup, inError, blocked, guest } = trait;
  const holdsBy = (origin: number) => (traits: number) =>
    (traits & (holds | direct | byGroup)) === (holds | origin);
  const holdsAs = (bit: number) => (traits: number) => (traits & (holds | bit)) === (holds | bit);
  const isOf = (activity: Activity) => (traits: number) =>
    (traits & holds) !== 0 && activities[Math.floor(traits / activityUnit)] === activity;
  return {
    consumed: count((traits) => (traits & holds) !== 0),
    assigned: {
      direct: count(holdsBy(direct)),
      group: count(holdsBy(byGroup)),
      both: count(holdsBy(direct | byGroup)),
      unknown: count(holdsBy(0)),
      errors: count((traits) => (traits & inError) !== 0),
    },
    activity: activityCounts(
      {
        active: count(isOf("active")),
        inactive: count(isOf("inactive")),
        neverUsed: count(isOf("neverUsed")),
        tooNew: count(isOf("tooNew")),
        unknown: count(isOf("unknown")),
      },
      basis,
    ),
    blocked: count(holdsAs(blocked)),
    guests: count(holdsAs(guest)),
  };
}

const activityCounts = (
  classes: Readonly<Record<Activity, number>>,
  basis: Basis,
): HolderCounts["activity"] =>
  basis.activity.kind === "unknown" ? basis.activity : known(classes);

/** Counts of a SKU nobody holds. */
export const noHolders = (basis: Basis): HolderCounts => ({
  consumed: 0,
  assigned: { direct: 0, group: 0, both: 0, unknown: 0, errors: 0 },
  activity: activityCounts({ active: 0, inactive: 0, neverUsed: 0, tooNew: 0, unknown: 0 }, basis),
  blocked: 0,
  guests: 0,
});
