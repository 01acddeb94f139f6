import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Read } from "#lib/domain/import";
import type { RunHandle } from "#lib/import/ports";
import { isSummed, rowHash, sumRows } from "./read-sums.ts";

type Digested = Pick<RunHandle, "workspaceId" | "runId" | "dataset" | "snapshotId">;

/**
 * Digest of what a snapshot says, whatever the order of its rows: per table the sum of a 64-bit hash of every row,
 * together with how each read ended. Equal digests mean unchanged content. The sums of long reads were taken page by
 * page. Source: DESIGN §4.6, fault-catalogue A27, docs/adr/0008.
 */
export async function digestSnapshot(tx: Tx, run: Digested): Promise<string> {
  const parts = sql.join([...shortParts(run), ...(await longParts(tx, run))], sql` union all `);
  const [digest] = await tx.execute<{ digest: string }>(sql`
    select md5(string_agg(part || ':' || total, '|' order by part)) as digest
    from (${parts}) parts (part, total)`);
  if (digest === undefined) throw new Error("Aggregates always give a row.");
  return digest.digest;
}

async function longParts(tx: Tx, run: Digested): Promise<readonly SQL[]> {
  const reads = await tx.execute<{ read: Read; digest: string | null }>(sql`
    select read, digest from read_checkpoints
    where workspace_id = ${run.workspaceId} and run_id = ${run.runId} and state = 'complete'`);
  const parts: SQL[] = [];
  for (const { read, digest } of reads) {
    if (!isSummed(read)) continue;
    parts.push(sql`select ${read}::text, ${digest ?? (await sumRows(tx, run, read))}::numeric`);
  }
  return parts;
}

const part = (name: string, columns: SQL, from: SQL): SQL => sql`
  select ${name}::text, coalesce(sum(${rowHash(columns)}), 0) from ${from}`;

/** What only some sources tell: no part of the others' digests, which stay as they are. */
const partIfAny = (name: string, columns: SQL, from: SQL): SQL =>
  sql`${part(name, columns, from)} having count(*) > 0`;

function shortParts(run: Digested): readonly SQL[] {
  const reads = part(
    "reads",
    sql`t.read, t.state, t.reason, t.refreshed_on, t.concealed`,
    sql`read_checkpoints t where t.workspace_id = ${run.workspaceId} and t.run_id = ${run.runId}`,
  );
  return run.dataset === "directory" ? [reads, ...directoryParts(run)] : [reads];
}

function directoryParts(run: Digested): readonly SQL[] {
  const of = (table: string): SQL => sql`${sql.raw(table)} t
    where t.workspace_id = ${run.workspaceId} and t.snapshot_id = ${run.snapshotId}`;
  return [
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
    partIfAny(
      "licenses",
      sql`t.sku_no, t.external_id, t.license_name, t.license_sku_id, t.resolution,
        t.candidate_sku_ids`,
      sql`${of("snapshot_skus")} and t.external_id is not null`,
    ),
    partIfAny(
      "terms",
      sql`t.sku_no, t.place, t.type, t.units, t.annual_cost, t.currency, t.starts_on, t.ends_on,
        t.problem`,
      of("snapshot_terms"),
    ),
    partIfAny("unread-users", sql`t.user_id, t.seats_as_of`, of("snapshot_unread_users")),
    part(
      "subscriptions",
      sql`t.subscription_id, t.commerce_subscription_id, t.sku_id, t.part_number, t.status,
        t.total_units, t.trial, t.created_at, t.next_lifecycle_at, t.partner_tenant_id`,
      of("snapshot_subscriptions"),
    ),
    part("groups", sql`t.group_id, t.display_name`, of("snapshot_groups")),
    part(
      "deleted-users",
      sql`t.user_id, t.user_principal_name, t.display_name, t.deleted_at, t.sku_ids`,
      of("snapshot_deleted_users"),
    ),
  ];
}
