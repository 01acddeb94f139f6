import { sql } from "drizzle-orm";
import type postgres from "postgres";
import type { Database } from "../db/client.ts";
import { withBulkPlans } from "../db/queries/bulk-plans.ts";
import { isSummed, sumRows } from "../db/queries/read-sums.ts";
import { createTestRun, type TestConnection } from "../db/testing/import-fixtures.ts";
import type { Dataset, Read, UsageReport } from "../lib/domain/import.ts";
import type { ImportStore, RunHandle } from "../lib/import/ports.ts";

/** How large a tenant to make. `version` shifts about 1 % of the accounts, as a day does. */
export interface TenantSize {
  readonly users: number;
  readonly assignments: number;
  readonly skus: number;
  readonly version: number;
}

interface Seeding {
  readonly owner: postgres.Sql;
  readonly db: Database;
  readonly store: ImportStore;
  readonly connection: TestConnection;
  readonly size: TenantSize;
}

/**
 * A number in [0, 1) of an account, the same in every version except for the one account in a hundred that this
 * version's turn has come for.
 */
const chance = (salt: string, version: number): string =>
  `((${hashOf(salt, version)} & 1048575)::float8 / 1048576)`;

/** What an account is in a version follows from its number and whether its turn has come, and so does this. */
const contentHash = (version: number): string => hashOf("content", version);

const hashOf = (salt: string, version: number): string =>
  `hashtextextended('${salt}' || n || case when n % 100 < ${version} % 100 and n % 100 >= 0
    then ':' || (${version} / 100 + 1) else '' end, 0)`;

const guid = (salt: string, of: string): string => `md5('${salt}' || ${of})::uuid`;

async function begin(seeding: Seeding, dataset: Dataset): Promise<RunHandle> {
  const { owner, store, connection } = seeding;
  const run = await store.begin(await createTestRun({ ownerSql: owner }, connection, dataset));
  if (run === null) throw new Error("A queued run begins.");
  return run;
}

/** What the last page of each read leaves in its checkpoint. */
async function complete(
  { owner, db }: Seeding,
  run: RunHandle,
  reads: Readonly<Partial<Record<Read, number>>>,
): Promise<void> {
  await owner`
    update read_checkpoints c set state = 'complete', page_no = greatest(1, ceil(r.rows / 999.0)::int),
      rows = r.rows, started_at = now(), committed_at = now(), finished_at = now(),
      refreshed_on = case when c.read like 'report:%' then (now() at time zone 'UTC')::date::text end,
      concealed = case when c.read like 'report:%' or c.read = 'report-settings' then false end
    from jsonb_each_text(${owner.json(reads)}::jsonb) x (read, n), lateral (select x.n::int as rows) r
    where c.workspace_id = ${run.workspaceId} and c.run_id = ${run.runId} and c.read = x.read`;
  // Safe: the keys are reads, by the parameter's type.
  for (const read of Object.keys(reads) as Read[]) {
    if (!isSummed(read)) continue;
    await db.inWorkspace(run.workspaceId, async (tx) => {
      const digest = await withBulkPlans(tx, () => sumRows(tx, run, read));
      await tx.execute(sql`
        update read_checkpoints set digest = ${digest}::numeric
        where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = ${read}`);
    });
  }
  if (run.dataset !== "directory") return;
  await owner.begin(async (tx) => {
    // The planner knows nothing of the rows yet and would join them one by one.
    await tx`set local enable_nestloop = off`;
    await tx`
      update read_checkpoints set held = (
        select coalesce(jsonb_object_agg(key, n), '{}') from (
          select a.sku_no || ':' || (a.holds::int + a.direct::int * 2 + (a.group_ids is not null)::int * 4
            + a.in_error::int * 8 + (u.account_enabled is false)::int * 16
            + (u.user_type is not distinct from 'Guest')::int * 32) as key, count(*) as n
          from snapshot_assignments a
          join snapshot_users u on u.workspace_id = a.workspace_id and u.snapshot_id = a.snapshot_id
            and u.user_no = a.user_no
          where a.workspace_id = ${run.workspaceId} and a.snapshot_id = ${run.snapshotId}
          group by 1) counted)
      where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and read = 'users'`;
  });
}

/**
 * A directory read to its end: accounts with the attributes Microsoft gives, SKUs with a long tail, most seats by group,
 * one account in 16 blocked, one in 12 a guest. Rows are made inside the server; the checkpoints are as pages leave them.
 */
export async function seedDirectory(seeding: Seeding): Promise<RunHandle> {
  const { owner, size } = seeding;
  const run = await begin(seeding, "directory");
  const { workspaceId, snapshotId } = run;
  const { version } = size;
  await owner`
    insert into sku_numbers (workspace_id, sku_id)
    select ${workspaceId}, md5('sku' || n)::uuid from generate_series(1, ${size.skus}) n
    on conflict do nothing`;
  await owner`
    insert into snapshot_organizations (workspace_id, snapshot_id, tenant_id, display_name, default_domain, country_code)
    values (${workspaceId}, ${snapshotId}, ${seeding.connection.tenantId}, 'Fabrikam', 'fabrikam.example', 'DE')`;
  await owner.unsafe(`
    insert into snapshot_users (workspace_id, snapshot_id, page_no, user_no, user_id, user_principal_name,
      display_name, mail, account_enabled, user_type, created_at, usage_location, country, city, department,
      job_title, company_name, office_location, employee_id, employee_type, on_premises_synced, content_hash,
      sign_in_on, sign_in_told, usage_on, mailbox_bytes, mailbox_archive)
    select '${workspaceId}', ${snapshotId}, 1 + (n - 1) / 999, n, ${guid("user", "n")},
      'Given' || n % 9973 || '.Family' || n || '@fabrikam.example', 'Family' || n || ', Given' || n % 9973,
      'given' || n % 9973 || '.family' || n || '@fabrikam.example', ${chance("enabled", version)} > 0.06,
      case when ${chance("guest", 0)} < 0.08 then 'Guest' else 'Member' end,
      timestamptz '2019-01-01' + n % 2500 * interval '1 day', 'DE', 'Germany', 'City ' || n % 211,
      'Department ' || floor(${chance("department", version)} * 400), 'Title ' || n % 301, 'Fabrikam', 'Building ' || n % 37,
      'E' || n, 'Employee', n % 3 <> 0, ${contentHash(version)}, s.evidence_on, s.user_id is not null, g.evidence_on,
      g.storage_bytes, g.has_archive
    from snapshots d
    cross join generate_series(1, ${size.users}) n
    left join snapshot_sign_ins s on s.workspace_id = d.workspace_id and s.snapshot_id = d.sign_ins_noted_id
      and s.user_id = ${guid("user", "n")}
    left join snapshot_usage_evidence g on g.workspace_id = d.workspace_id and g.snapshot_id = d.usage_noted_id
      and g.upn_key = lower('Given' || n % 9973 || '.Family' || n || '@fabrikam.example')
    where d.workspace_id = '${workspaceId}' and d.id = ${snapshotId}
    order by n`);
  const share = size.assignments / size.users;
  const counted = await owner.unsafe(`
    insert into snapshot_assignments (workspace_id, snapshot_id, sku_no, user_no, holds, direct, group_ids,
      in_error, error, assigned_at, disabled_plan_ids)
    select '${workspaceId}', ${snapshotId}, numbers.no, n, true, route > 0.6,
      case when route < 0.65 then array[${guid("group", "(n + j) % 997")}] end, route > 0.998,
      case when route > 0.998 then 'CountViolation' end, timestamptz '2023-01-01' + n % 1000 * interval '1 day',
      case when (n + j) % 10 = 0 then array[${guid("plan", "j")}, ${guid("plan", "j + 1")}] end
    from generate_series(1, ${size.users}) n
    cross join lateral (
      select floor(power(${chance("sku", version)}, 3) * ${size.skus})::int as first,
        floor(${share}::float8 * n)::int - floor(${share}::float8 * (n - 1))::int as held) h
    cross join lateral generate_series(0, h.held - 1) j
    cross join lateral (select (hashint8extended(n * 7 + j, 3) & 1048575) / 1048576.0 as route) r
    join (select no, row_number() over (order by no) - 1 as place from sku_numbers
      where workspace_id = '${workspaceId}') numbers on numbers.place = (h.first + j * 7) % ${size.skus}
    order by n`);
  const counts = await owner<{ sku_no: number; held: number }[]>`
    select sku_no, count(*)::int as held from snapshot_assignments
    where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and holds group by sku_no`;
  await owner`
    insert into snapshot_skus (workspace_id, snapshot_id, reading, sku_no, part_number, applies_to, capability_status,
      consumed_units, units_reported, enabled, expiring, suspended, locked_out, subscription_ids, service_plan_ids)
    select ${workspaceId}, ${snapshotId}, reading, n.no, 'PART_' || n.no, 'user', 'Enabled', coalesce(c.held, 0), true,
      coalesce(c.held, 0) * 11 / 10 + 5, 0, 0, 0, array['s' || n.no], array[md5('plan' || n.no)::uuid]
    from sku_numbers n
    cross join generate_series(1, 2) reading
    left join jsonb_to_recordset(${owner.json(counts)}::jsonb) as c (sku_no int, held int) on c.sku_no = n.no
    where n.workspace_id = ${workspaceId}`;
  const groups = await owner`
    insert into snapshot_groups (workspace_id, snapshot_id, group_id, display_name)
    select ${workspaceId}, ${snapshotId}, md5('group' || n)::uuid, 'License group ' || n from generate_series(0, 996) n`;
  const deleted = await owner`
    insert into snapshot_deleted_users (workspace_id, snapshot_id, user_id, user_principal_name, display_name,
      deleted_at, sku_ids)
    select ${workspaceId}, ${snapshotId}, case when n % 500 = 0 then md5('user' || n) else md5('gone' || n) end::uuid,
      'gone' || n || '@fabrikam.example', 'Gone ' || n, timestamptz '2026-01-01', '{}'
    from generate_series(1, ${Math.ceil(size.users / 200)}) n`;
  await complete(seeding, run, {
    organization: 1,
    "subscribed-skus-first": size.skus,
    "subscribed-skus-second": size.skus,
    users: size.users,
    "company-subscriptions": 0,
    groups: groups.count,
    "deleted-users": deleted.count,
  });
  if (counted.count < size.assignments * 0.99) throw new Error("Too few assignments were made.");
  return run;
}

/** One account in ten was not used for more than three months. */
const idle = "n % 10 = 3";

/** Last sign-ins of all accounts but one in 20; one in 50 never signed in. */
export async function seedSignIns(seeding: Seeding): Promise<RunHandle> {
  const { owner, size } = seeding;
  const run = await begin(seeding, "sign-ins");
  const rows = await owner.unsafe(`
    insert into snapshot_sign_ins (workspace_id, snapshot_id, user_id, last_successful_at, last_interactive_at,
      last_non_interactive_at, evidence_on)
    select '${run.workspaceId}', ${run.snapshotId}, ${guid("user", "n")}, seen, seen, seen, (seen at time zone 'UTC')::date
    from generate_series(1, ${size.users}) n
    cross join lateral (select now() - case when ${idle} then 100 + n % 300 else n % 60 end
      * interval '1 day' as at) a
    cross join lateral (select case when n % 50 <> 0 then a.at end as seen) s
    where n % 20 <> 0`);
  await complete(seeding, run, { "sign-ins": rows.count });
  return run;
}

/** Share of the accounts with a row in each report. */
const reportShares: readonly (readonly [report: UsageReport, no: number, share: number])[] = [
  ["active-users", 0, 1],
  ["m365-apps", 1, 0.7],
  ["mailbox", 2, 0.9],
  ["teams", 3, 0.8],
  ["onedrive-activity", 4, 0.6],
  ["sharepoint", 6, 0.5],
  ["email", 7, 0.8],
  ["copilot", 9, 0.05],
];

/** The usage reports of a tenant with a Microsoft 365 suite: 5.35 rows per account. */
export async function seedUsage(seeding: Seeding): Promise<RunHandle> {
  const { owner, size } = seeding;
  const run = await begin(seeding, "usage");
  const reads: Partial<Record<Read, number>> = { "report-settings": 1 };
  for (const [report, no, share] of reportShares) {
    const rows = await owner.unsafe(`
      insert into snapshot_usage (workspace_id, snapshot_id, report, upn_key, last_activity_on, storage_bytes, has_archive)
      select '${run.workspaceId}', ${run.snapshotId}, ${no}, 'given' || n % 9973 || '.family' || n || '@fabrikam.example',
        case when n % 30 <> ${no} then current_date - case when ${idle} then 100 + n % 300 else (n * ${no + 3}) % 120 end end,
        ${report === "mailbox" ? "(n % 60)::bigint * 1000000000" : "null"}, ${report === "mailbox" ? "n % 40 = 0" : "null"}
      from generate_series(1, ${size.users}) n where (n * 31 + ${no} * 17) % 100 < ${share * 100}`);
    reads[`report:${report}`] = rows.count;
  }
  await owner`
    update read_checkpoints set state = 'unavailable', reason = 'not-offered-in-cloud', finished_at = now()
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and not ${owner.json(reads)}::jsonb ? read`;
  await complete(seeding, run, reads);
  return run;
}
