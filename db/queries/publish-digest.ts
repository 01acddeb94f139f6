import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle } from "#lib/import/ports";

type Digested = Pick<RunHandle, "workspaceId" | "runId" | "dataset" | "snapshotId">;

/**
 * Digest of what a snapshot says, whatever the order of its rows: per table the count and the sum of two independent
 * 64-bit hashes of every row, together with how each read ended. Equal digests mean unchanged content. Source: DESIGN
 * §4.6, fault-catalogue A27.
 */
export async function digestSnapshot(tx: Tx, run: Digested): Promise<string> {
  const parts = sql.join(partsOf(run), sql` union all `);
  const [digest] = await tx.execute<{ digest: string }>(sql`
    select md5(string_agg(part || ':' || n || ':' || a || ':' || b, '|' order by part)) as digest
    from (${parts}) parts (part, n, a, b)`);
  if (digest === undefined) throw new Error("Aggregates always give a row.");
  return digest.digest;
}

const part = (name: string, columns: SQL, from: SQL): SQL => sql`
  select ${name}::text, count(*),
    coalesce(sum(hash_record_extended(row(${columns}), 1)::numeric), 0),
    coalesce(sum(hash_record_extended(row(${columns}), 2)::numeric), 0)
  from ${from}`;

function partsOf(run: Digested): SQL[] {
  const of = (table: string): SQL => sql`${sql.raw(table)} t
    where t.workspace_id = ${run.workspaceId} and t.snapshot_id = ${run.snapshotId}`;
  const reads = part(
    "reads",
    sql`t.read, t.state, t.reason, t.refreshed_on, t.concealed`,
    sql`read_checkpoints t where t.workspace_id = ${run.workspaceId} and t.run_id = ${run.runId}`,
  );
  switch (run.dataset) {
    case "directory":
      return [reads, ...directoryParts(run, of)];
    case "sign-ins":
      return [
        reads,
        part(
          "sign-ins",
          sql`t.user_id, t.last_successful_at, t.last_interactive_at, t.last_non_interactive_at`,
          of("snapshot_sign_ins"),
        ),
      ];
    case "usage":
      return [
        reads,
        part(
          "usage",
          sql`t.upn_key, t.report, t.last_activity_on, t.storage_bytes, t.has_archive`,
          of("snapshot_usage"),
        ),
      ];
    default:
      return run.dataset satisfies never;
  }
}

/** Users' numbers and pages differ between two reads of the same content, so that they have no part in it. */
const directoryParts = (run: Digested, of: (table: string) => SQL): SQL[] => [
  part(
    "organization",
    sql`t.tenant_id, t.display_name, t.default_domain, t.country_code`,
    of("snapshot_organizations"),
  ),
  part(
    "skus",
    sql`t.reading, t.sku_no, t.part_number, t.applies_to, t.capability_status, t.consumed_units,
      t.units_reported, t.enabled, t.expiring, t.suspended, t.locked_out, t.subscription_ids,
      t.service_plan_ids`,
    of("snapshot_skus"),
  ),
  part(
    "subscriptions",
    sql`t.subscription_id, t.commerce_subscription_id, t.sku_id, t.part_number, t.status,
      t.total_units, t.trial, t.created_at, t.next_lifecycle_at, t.partner_tenant_id`,
    of("snapshot_subscriptions"),
  ),
  part(
    "users",
    sql`t.user_id, t.user_principal_name, t.display_name, t.mail, t.account_enabled, t.user_type,
      t.created_at, t.usage_location, t.country, t.city, t.department, t.job_title,
      t.company_name, t.office_location, t.employee_id, t.employee_type, t.on_premises_synced,
      t.deleted`,
    of("snapshot_users"),
  ),
  part(
    "assignments",
    sql`u.user_id, t.sku_no, t.holds, t.direct, t.group_ids, t.in_error, t.error, t.assigned_at,
      t.disabled_plan_ids`,
    sql`snapshot_assignments t
      join snapshot_users u on u.workspace_id = t.workspace_id
        and u.snapshot_id = t.snapshot_id and u.user_no = t.user_no
      where t.workspace_id = ${run.workspaceId} and t.snapshot_id = ${run.snapshotId}`,
  ),
  part("groups", sql`t.group_id, t.display_name`, of("snapshot_groups")),
  part(
    "deleted-users",
    sql`t.user_id, t.user_principal_name, t.display_name, t.deleted_at, t.sku_ids`,
    of("snapshot_deleted_users"),
  ),
];
