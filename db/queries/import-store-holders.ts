import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle, SkuRow, UserRow } from "#lib/import/ports";
import { lastPerKey } from "./last-per-key.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/** The workspace's numbers of SKUs, made where there is none yet. Ids in lower case. */
async function skuNumbers(
  tx: Tx,
  workspaceId: string,
  skuIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(skuIds)].sort();
  if (wanted.length === 0) return new Map();
  const json = JSON.stringify(wanted);
  const find = () =>
    tx.execute<{ sku_id: string; no: number }>(sql`
      select n.sku_id, n.no
      from jsonb_array_elements_text(${json}::jsonb) id
      join sku_numbers n on n.workspace_id = ${workspaceId} and n.sku_id = id::uuid`);
  let found = await find();
  if (found.length < wanted.length) {
    await tx.execute(sql`
      insert into sku_numbers (workspace_id, sku_id)
      select ${workspaceId}, id::uuid from jsonb_array_elements_text(${json}::jsonb) id
      where not exists (
        select from sku_numbers n where n.workspace_id = ${workspaceId} and n.sku_id = id::uuid)
      order by id
      on conflict (workspace_id, sku_id) do nothing`);
    found = await find();
  }
  return new Map(found.map((row) => [row.sku_id, row.no]));
}

function numberOf(numbers: ReadonlyMap<string, number>, skuId: string): number {
  const no = numbers.get(skuId);
  if (no === undefined) throw new Error(`SKU ${skuId} is not a GUID in lower case.`);
  return no;
}

const asStored = (sku: SkuRow, numbers: ReadonlyMap<string, number>) => {
  const units = sku.prepaidUnits;
  return {
    ...sku,
    ...units,
    skuNo: numberOf(numbers, sku.skuId),
    unitsReported: units !== null && Object.values(units).some((count) => count !== null),
  };
};

/** subscribedSkus as read before (1) or after (2) the users. Returns rows that came twice. */
export async function insertSkus(
  tx: Tx,
  place: Place,
  reading: 1 | 2,
  rows: readonly SkuRow[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const last = lastPerKey(rows, (row) => row.skuId);
  const numbers = await skuNumbers(
    tx,
    place.workspaceId,
    last.map((row) => row.skuId),
  );
  const json = JSON.stringify(last.map((row) => asStored(row, numbers)));
  const [stored] = await tx.execute<{ fresh: number }>(sql`
    with stored as (
      insert into snapshot_skus (workspace_id, snapshot_id, reading, sku_no, part_number,
        applies_to, capability_status, consumed_units, units_reported, enabled, expiring,
        suspended, locked_out, subscription_ids, service_plan_ids)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, ${reading}::smallint, r.*
      from jsonb_to_recordset(${json}::jsonb) as r("skuNo" int, "partNumber" text,
        "appliesTo" text, "capabilityStatus" text, "consumedUnits" int, "unitsReported" boolean,
        enabled int, expiring int, suspended int, "lockedOut" int, "subscriptionIds" text[],
        "servicePlanIds" uuid[])
      on conflict (workspace_id, snapshot_id, reading, sku_no) do update set
        part_number = excluded.part_number, applies_to = excluded.applies_to,
        capability_status = excluded.capability_status, consumed_units = excluded.consumed_units,
        units_reported = excluded.units_reported, enabled = excluded.enabled,
        expiring = excluded.expiring, suspended = excluded.suspended,
        locked_out = excluded.locked_out, subscription_ids = excluded.subscription_ids,
        service_plan_ids = excluded.service_plan_ids
      returning (xmax = 0) as fresh)
    select count(*) filter (where fresh)::int as fresh from stored`);
  return rows.length - (stored?.fresh ?? 0);
}

/**
 * Accounts and what they hold. A user's number is the row's place in the read, so that an account which comes twice has
 * two numbers until older copies are removed (import-facts). Number 0 is never a user's.
 */
export async function insertUsers(
  tx: Tx,
  place: Place,
  page: { readonly rows: readonly UserRow[]; readonly pageNo: number; readonly before: number },
): Promise<void> {
  if (page.rows.length === 0) return;
  const users = page.rows.map(({ assignments: _, ...user }, index) => ({
    ...user,
    userNo: page.before + index + 1,
  }));
  await tx.execute(sql`
    insert into snapshot_users (workspace_id, snapshot_id, page_no, user_no, user_id,
      user_principal_name, display_name, mail, account_enabled, user_type, created_at,
      usage_location, country, city, department, job_title, company_name, office_location,
      employee_id, employee_type, on_premises_synced)
    select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, ${page.pageNo}::int, r.*
    from jsonb_to_recordset(${JSON.stringify(users)}::jsonb) as r("userNo" int, "userId" uuid,
      "userPrincipalName" text, "displayName" text, mail text, "accountEnabled" boolean,
      "userType" text, "createdAt" timestamptz, "usageLocation" text, country text, city text,
      department text, "jobTitle" text, "companyName" text, "officeLocation" text,
      "employeeId" text, "employeeType" text, "onPremisesSynced" boolean)`);
  await insertAssignments(tx, place, page);
}

async function insertAssignments(
  tx: Tx,
  place: Place,
  page: { readonly rows: readonly UserRow[]; readonly before: number },
): Promise<void> {
  const numbers = await skuNumbers(
    tx,
    place.workspaceId,
    page.rows.flatMap((user) => user.assignments.map((assignment) => assignment.skuId)),
  );
  const rows = page.rows.flatMap((user, index) =>
    lastPerKey(user.assignments, (assignment) => assignment.skuId).map(
      ({ skuId, ...assignment }) => ({
        ...assignment,
        skuNo: numberOf(numbers, skuId),
        userNo: page.before + index + 1,
      }),
    ),
  );
  if (rows.length === 0) return;
  await tx.execute(sql`
    insert into snapshot_assignments (workspace_id, snapshot_id, sku_no, user_no, holds, direct,
      group_ids, in_error, error, assigned_at, disabled_plan_ids)
    select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, r."skuNo", r."userNo", r.holds,
      r.direct, nullif(r."groupIds", '{}'), r."inError", r.error, r."assignedAt",
      nullif(r."disabledPlanIds", '{}')
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("skuNo" int, "userNo" int,
      holds boolean, direct boolean, "groupIds" uuid[], "inError" boolean, error text,
      "assignedAt" timestamptz, "disabledPlanIds" uuid[])`);
}
