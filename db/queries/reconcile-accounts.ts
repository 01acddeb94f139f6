import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { deviceSkus } from "#lib/domain/device-skus";
import type { Activity, AssignedCounts } from "#lib/domain/license";
import { known, type Maybe } from "#lib/domain/quantity";
import type { HolderCounts } from "#lib/domain/reconcile";
import { accountEvidence, activityOf } from "./activity-sql.ts";
import type { Basis } from "./reconcile-basis.ts";
import { reportNumber } from "./report-number.ts";

/**
 * Computes once per account what every license asks of it, into `reconcile_accounts`, a table of this transaction.
 * Deleted accounts are not in it: they consume nothing. Source: DESIGN §5.
 */
export async function prepareAccounts(tx: Tx, basis: Basis): Promise<void> {
  await tx.execute(sql`
    create temporary table reconcile_accounts (
      user_no integer primary key, evidence_on date, covered boolean not null,
      created_at timestamptz, blocked boolean not null, guest boolean not null,
      device boolean not null, excluded boolean not null, mailbox_known boolean not null,
      storage_bytes bigint, has_archive boolean) on commit drop`);
  const { workspaceId, tenantId } = basis.connection;
  const snapshotId = basis.directorySnapshotId;
  const accounts = sql`
    select user_no, user_id, lower(user_principal_name) as upn_key from snapshot_users
    where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and not deleted offset 0`;
  const devices = JSON.stringify(deviceSkus.map((sku) => sku.skuId));
  const mailboxOf =
    basis.mailbox.kind === "known" && basis.usageSnapshotId !== null ? basis.usageSnapshotId : null;
  await tx.execute(sql`
    insert into reconcile_accounts
    select u.user_no, e.evidence_on, e.covered, u.created_at, u.account_enabled is false,
      coalesce(u.user_type = 'Guest', false), d.user_no is not null, x.user_id is not null,
      m.upn_key is not null, m.storage_bytes, m.has_archive
    from snapshot_users u
    join (${accountEvidence(basis.evidence, accounts)}) e on e.user_no = u.user_no
    left join (
      select distinct a.user_no
      from snapshot_assignments a
      join sku_numbers n on n.workspace_id = a.workspace_id and n.no = a.sku_no
      where a.workspace_id = ${workspaceId} and a.snapshot_id = ${snapshotId} and a.holds
        and n.sku_id in (select id::uuid from jsonb_array_elements_text(${devices}::jsonb) id)
    ) d on d.user_no = u.user_no
    left join exclusions x on x.workspace_id = u.workspace_id and x.tenant_id = ${tenantId}
      and x.user_id = u.user_id
    left join snapshot_usage m on m.workspace_id = u.workspace_id
      and m.snapshot_id = ${mailboxOf}::bigint and m.report = ${reportNumber("mailbox")}
      and m.upn_key = lower(u.user_principal_name) and u.account_enabled is false
    where u.workspace_id = ${workspaceId} and u.snapshot_id = ${snapshotId} and not u.deleted`);
  await tx.execute(sql`analyze reconcile_accounts`);
}

/** Ends the use of `reconcile_accounts`: a transaction may reconcile several connections. */
export async function dropAccounts(tx: Tx): Promise<void> {
  await tx.execute(sql`drop table reconcile_accounts`);
}

/** Activity of an assignment `a` of an account `u` of reconcile_accounts. */
export const accountActivity = (basis: Basis) =>
  activityOf(
    {
      evidenceOn: sql`u.evidence_on`,
      covered: sql`u.covered`,
      createdAt: sql`u.created_at`,
      assignedAt: sql`a.assigned_at`,
    },
    basis.cutoffs,
  );

interface CountRow extends Record<string, unknown>, AssignedCounts {
  readonly sku_no: number;
  readonly consumed: number;
  readonly blocked: number;
  readonly guests: number;
  readonly classes: Readonly<Record<Activity, number>>;
}

/** Holders per SKU number, counted set-wise; SKUs without a row have neither holders nor errors. Seats. */
export async function countHolders(
  tx: Tx,
  basis: Basis,
): Promise<ReadonlyMap<number, HolderCounts>> {
  const { workspaceId } = basis.connection;
  const rows = await tx.execute<CountRow>(sql`
    with assignments as (
      select a.sku_no, a.holds, a.in_error, u.blocked, u.guest, a.direct,
        a.group_ids is not null as by_group, ${accountActivity(basis)} as activity
      from snapshot_assignments a join reconcile_accounts u on u.user_no = a.user_no
      where a.workspace_id = ${workspaceId} and a.snapshot_id = ${basis.directorySnapshotId})
    select sku_no,
      count(*) filter (where holds)::int as consumed,
      count(*) filter (where holds and direct and not by_group)::int as direct,
      count(*) filter (where holds and by_group and not direct)::int as "group",
      count(*) filter (where holds and direct and by_group)::int as both,
      count(*) filter (where holds and not direct and not by_group)::int as unknown,
      count(*) filter (where in_error)::int as errors,
      count(*) filter (where holds and blocked)::int as blocked,
      count(*) filter (where holds and guest)::int as guests,
      jsonb_build_object(
        'active', count(*) filter (where holds and activity = 'active'),
        'inactive', count(*) filter (where holds and activity = 'inactive'),
        'neverUsed', count(*) filter (where holds and activity = 'neverUsed'),
        'tooNew', count(*) filter (where holds and activity = 'tooNew'),
        'unknown', count(*) filter (where holds and activity = 'unknown')) as classes
    from assignments group by sku_no`);
  return new Map(rows.map((row) => [row.sku_no, toCounts(row, basis)]));
}

const toCounts = (row: CountRow, basis: Basis): HolderCounts => ({
  consumed: row.consumed,
  assigned: {
    direct: row.direct,
    group: row.group,
    both: row.both,
    unknown: row.unknown,
    errors: row.errors,
  },
  activity: activityCounts(row.classes, basis),
  blocked: row.blocked,
  guests: row.guests,
});

const activityCounts = (
  classes: HolderCounts["activity"] extends Maybe<infer Counts> ? Counts : never,
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
