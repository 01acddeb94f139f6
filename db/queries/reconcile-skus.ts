import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { LicenseStatus, LicenseType, RetiredReason } from "#lib/domain/license";
import { productName } from "#lib/domain/product-name";
import type { Quantity } from "#lib/domain/quantity";
import type { ReportedUnits } from "#lib/domain/reconcile";
import type { Basis } from "./reconcile-basis.ts";

/** The asset record as it stands. */
export interface ExistingLicense {
  readonly licenseId: string;
  readonly type: LicenseType;
  readonly status: LicenseStatus;
  readonly retiredReason: RetiredReason | null;
  readonly freePoolDecision: boolean | null;
}

/** One license of the connection: listed, held by somebody, or known from before. */
export interface SkuFacts {
  /** What the source identifies it by: the skuId where it has no ids of its own. */
  readonly externalId: string;
  /** Null: nothing in the directory is of it any more. */
  readonly skuNo: number | null;
  /** Under which id its seats are kept. */
  readonly skuId: string;
  /** Microsoft's SKU; null where it is not known which it is. */
  readonly microsoftSkuId: string | null;
  readonly partNumber: string | null;
  readonly productName: string;
  /** In the second reading of subscribedSkus; units null = not reported. */
  readonly listed: {
    readonly appliesTo: "user" | "company";
    readonly units: ReportedUnits | null;
    readonly consumedUnits: number | null;
  } | null;
  /** Microsoft's consumedUnits in the first reading. */
  readonly firstConsumedUnits: number | null;
  /** What its terms say; null = its units say it. Seats. */
  readonly entitled: Quantity | null;
  /** Whether the accounts tell who holds it. */
  readonly holdersTold: boolean;
  readonly servicePlanIds: readonly string[];
  readonly existing: ExistingLicense | null;
}

interface SkuRow extends Record<string, unknown>, ReportedUnits {
  readonly no: number;
  readonly sku_id: string;
  readonly part_number: string | null;
  readonly table_name: string | null;
  readonly applies_to: "user" | "company" | null;
  readonly units_reported: boolean | null;
  readonly second: number | null;
  readonly first: number | null;
  readonly plans: readonly string[];
  readonly license_id: string | null;
  readonly type: LicenseType | null;
  readonly status: LicenseStatus | null;
  readonly retired_reason: RetiredReason | null;
  readonly free_pool_decision: boolean | null;
}

/**
 * Every SKU in the second subscribedSkus, held by a user (`heldNos`), or with a license from before. A disconnected
 * connection keeps the licenses it has: another one may have taken the tenant over. Plans of a SKU that is not listed
 * come from Microsoft's product table.
 */
export async function loadSkus(
  tx: Tx,
  basis: Basis,
  heldNos: readonly number[],
): Promise<readonly SkuFacts[]> {
  const { workspaceId, connectionId, source, tenantId, status } = basis.connection;
  const disconnected = status === "disconnected";
  const reading = (number: 1 | 2) => sql`
    select * from snapshot_skus
    where workspace_id = ${workspaceId} and snapshot_id = ${basis.directorySnapshotId} and reading = ${number}`;
  const rows = await tx.execute<SkuRow>(sql`
    with second as (${reading(2)}), first as (${reading(1)}),
    owned as (
      select * from licenses l
      where l.workspace_id = ${workspaceId} and l.source = ${source} and l.tenant_id = ${tenantId}
        and l.sku_id is not null and (not ${disconnected}::boolean or l.connection_id = ${connectionId})),
    wanted as (
      select sku_no as no from second
      union select value::int from jsonb_array_elements_text(${JSON.stringify(heldNos)}::jsonb)
      union select n.no from owned join sku_numbers n on n.workspace_id = ${workspaceId} and n.sku_id = owned.sku_id)
    select n.no, n.sku_id, coalesce(s.part_number, f.part_number, o.part_number, p.part_number) as part_number,
      p.display_name as table_name, s.applies_to, s.units_reported, s.enabled, s.expiring,
      s.suspended, s.locked_out as "lockedOut", s.consumed_units as second,
      f.consumed_units as first,
      coalesce(to_jsonb(s.service_plan_ids), (
        select jsonb_agg(x.service_plan_id) from product_service_plans x where x.sku_id = n.sku_id
      ), '[]') as plans,
      o.id as license_id, o.type, o.status, o.retired_reason, o.free_pool_decision
    from wanted w
    join sku_numbers n on n.workspace_id = ${workspaceId} and n.no = w.no
    left join second s on s.sku_no = w.no
    left join first f on f.sku_no = w.no
    left join owned o on o.sku_id = n.sku_id
    left join products p on p.sku_id = n.sku_id
    where not ${disconnected}::boolean or o.id is not null
    order by n.sku_id`);
  return rows.map(toFacts);
}

const toFacts = (row: SkuRow): SkuFacts => ({
  externalId: row.sku_id,
  skuNo: row.no,
  skuId: row.sku_id,
  microsoftSkuId: row.sku_id,
  partNumber: row.part_number,
  productName: productName({
    skuId: row.sku_id,
    partNumber: row.part_number,
    tableName: row.table_name,
  }).name,
  listed:
    row.applies_to === null
      ? null
      : {
          appliesTo: row.applies_to,
          units: row.units_reported
            ? {
                enabled: row.enabled,
                expiring: row.expiring,
                suspended: row.suspended,
                lockedOut: row.lockedOut,
              }
            : null,
          consumedUnits: row.second,
        },
  firstConsumedUnits: row.first,
  entitled: null,
  holdersTold: true,
  servicePlanIds: row.plans,
  existing:
    row.license_id === null || row.type === null || row.status === null
      ? null
      : {
          licenseId: row.license_id,
          type: row.type,
          status: row.status,
          retiredReason: row.retired_reason,
          freePoolDecision: row.free_pool_decision,
        },
});
