import { sql } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import type { UserRow } from "../../lib/import/ports.ts";

interface Place {
  readonly workspaceId: string;
  readonly snapshotId: number;
}

/** Numbers of the tenant's SKUs, as the product keeps them; asked for once. */
export async function readSkuNumbers(
  tx: Tx,
  workspaceId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.execute<{ sku_id: string; no: number }>(
    sql`select sku_id, no from sku_numbers where workspace_id = ${workspaceId}`,
  );
  return new Map(rows.map((row) => [row.sku_id, row.no]));
}

/**
 * A page of users into the product's tables, columns and shape of statement, and nothing else: no look for accounts that
 * came before, no sums, no fence.
 */
export async function insertPlainUsers(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  skuNumbers: ReadonlyMap<string, number>,
  page: { readonly rows: readonly UserRow[]; readonly pageNo: number; readonly before: number },
): Promise<void> {
  const users = page.rows.map(({ assignments: _, ...user }, index) => ({
    ...user,
    userNo: page.before + index + 1,
  }));
  await tx.execute(sql`
    insert into snapshot_users (workspace_id, snapshot_id, page_no, user_no, user_id,
      user_principal_name, display_name, mail, account_enabled, user_type, created_at,
      usage_location, country, city, department, job_title, company_name, office_location,
      employee_id, employee_type, on_premises_synced)
    select ${workspaceId}::uuid, ${snapshotId}::bigint, ${page.pageNo}::int, r.*
    from jsonb_to_recordset(${JSON.stringify(users)}::jsonb) as r("userNo" int, "userId" uuid,
      "userPrincipalName" text, "displayName" text, mail text, "accountEnabled" boolean,
      "userType" text, "createdAt" timestamptz, "usageLocation" text, country text, city text,
      department text, "jobTitle" text, "companyName" text, "officeLocation" text,
      "employeeId" text, "employeeType" text, "onPremisesSynced" boolean)`);
  const seats = page.rows.flatMap((user, index) =>
    user.assignments.map(({ skuId, ...assignment }) => ({
      ...assignment,
      skuNo: skuNumbers.get(skuId),
      userNo: page.before + index + 1,
    })),
  );
  await tx.execute(sql`
    insert into snapshot_assignments (workspace_id, snapshot_id, sku_no, user_no, holds, direct,
      group_ids, in_error, error, assigned_at, disabled_plan_ids)
    select ${workspaceId}::uuid, ${snapshotId}::bigint, r."skuNo", r."userNo", r.holds,
      r.direct, nullif(r."groupIds", '{}'), r."inError", r.error, r."assignedAt",
      nullif(r."disabledPlanIds", '{}')
    from jsonb_to_recordset(${JSON.stringify(seats)}::jsonb) as r("skuNo" int, "userNo" int,
      holds boolean, direct boolean, "groupIds" uuid[], "inError" boolean, error text,
      "assignedAt" timestamptz, "disabledPlanIds" uuid[])`);
}
