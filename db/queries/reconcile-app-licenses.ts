import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { entitledByTerms, type LicenseTerm } from "#lib/domain/app-license";
import type { LicenseStatus, LicenseType, RetiredReason } from "#lib/domain/license";
import { productName } from "#lib/domain/product-name";
import type { ReportedUnits } from "#lib/domain/reconcile";
import type { Basis } from "./reconcile-basis.ts";
import type { SkuFacts } from "./reconcile-skus.ts";

interface AppLicenseRow extends Record<string, unknown> {
  readonly external_id: string;
  readonly no: number | null;
  /** Under which its seats are kept. */
  readonly key: string;
  readonly sku_id: string | null;
  readonly part_number: string | null;
  readonly table_name: string | null;
  readonly app_name: string | null;
  /** It is a license of the application: its units are what its terms say. */
  readonly by_terms: boolean;
  readonly units_reported: boolean | null;
  readonly enabled: number | null;
  readonly expiring: number | null;
  readonly suspended: number | null;
  readonly locked_out: number | null;
  readonly consumed_units: number | null;
  readonly plans: readonly string[];
  readonly license_id: string | null;
  readonly type: LicenseType | null;
  readonly status: LicenseStatus | null;
  readonly retired_reason: RetiredReason | null;
  readonly free_pool_decision: boolean | null;
}

/**
 * Licenses of a managed application: those it lists, by its own ids; SKUs that people hold and no license stands for; and
 * licenses from before that are neither. The last have no number, and no SKU any more that another license stands for. A
 * disconnected connection keeps what it has. Source: DESIGN §2 License, §5 "Other sources".
 */
export async function loadAppLicenses(
  tx: Tx,
  basis: Basis,
  heldNos: readonly number[],
): Promise<readonly SkuFacts[]> {
  const { workspaceId, connectionId, source, tenantId, status } = basis.connection;
  const disconnected = status === "disconnected";
  const context = {
    basis,
    terms: await loadTerms(tx, basis),
    held: new Set(heldNos),
    skusTold: heldNos.length > 0 || !(await hasAccounts(tx, basis)),
  };
  const rows = await tx.execute<AppLicenseRow>(sql`
    with listed as (
      select coalesce(s.external_id, n.sku_id::text) as external_id, s.sku_no as no, n.sku_id as key,
        case when s.external_id is null then n.sku_id else s.license_sku_id end as sku_id,
        s.part_number, s.license_name as app_name, s.external_id is not null as by_terms,
        s.units_reported, s.enabled, s.expiring, s.suspended, s.locked_out, s.consumed_units
      from snapshot_skus s
      join sku_numbers n on n.workspace_id = s.workspace_id and n.no = s.sku_no
      where s.workspace_id = ${workspaceId} and s.snapshot_id = ${basis.directorySnapshotId}
        and s.reading = 2),
    held as (
      select case when n.name is null then n.sku_id::text else 'sku:' || n.name end as external_id, n.no,
        n.sku_id as key, case when n.name is null then n.sku_id end as sku_id, n.name as part_number,
        n.name as app_name, false as by_terms
      from jsonb_array_elements_text(${JSON.stringify(heldNos)}::jsonb) h
      join sku_numbers n on n.workspace_id = ${workspaceId} and n.no = h::int
      where not exists (select from listed where listed.no = n.no)),
    present as (
      select * from listed
      union all
      select held.*, null, null, null, null, null, null from held),
    owned as (
      select * from licenses l
      where l.workspace_id = ${workspaceId} and l.source = ${source} and l.tenant_id = ${tenantId}
        and (not ${disconnected}::boolean or l.connection_id = ${connectionId}))
    select coalesce(p.external_id, o.external_id) as external_id, p.no, coalesce(p.key, o.sku_id, o.id) as key,
      case when p.external_id is not null then p.sku_id
        when not exists (select from present x where x.sku_id = o.sku_id) then o.sku_id end as sku_id,
      coalesce(p.part_number, t.part_number, o.part_number) as part_number, t.display_name as table_name,
      coalesce(p.app_name, o.product_name) as app_name,
      coalesce(p.by_terms, false) as by_terms, p.units_reported, p.enabled, p.expiring, p.suspended,
      p.locked_out, p.consumed_units,
      coalesce((select jsonb_agg(x.service_plan_id) from product_service_plans x
        where x.sku_id = t.sku_id), '[]') as plans,
      o.id as license_id, o.type, o.status, o.retired_reason, o.free_pool_decision
    from present p
    full join owned o on o.external_id = p.external_id
    left join products t
      on t.sku_id = case when p.external_id is null then o.sku_id else p.sku_id end
    where not ${disconnected}::boolean or o.id is not null
    order by 1`);
  return rows.map((row) => toFacts(context, row));
}

/** Whether any account is there that was not deactivated. */
async function hasAccounts(tx: Tx, basis: Basis): Promise<boolean> {
  const [found] = await tx.execute<{ there: boolean }>(sql`
    select exists (
      select from snapshot_users where workspace_id = ${basis.connection.workspaceId}
        and snapshot_id = ${basis.directorySnapshotId} and account_enabled is distinct from false
    ) as there`);
  return found?.there ?? false;
}

/** Terms by SKU number, in their order. */
async function loadTerms(
  tx: Tx,
  basis: Basis,
): Promise<ReadonlyMap<number, readonly LicenseTerm[]>> {
  const rows = await tx.execute<
    LicenseTerm & { readonly no: number } & Record<string, unknown>
  >(sql`
    select sku_no as no, type, units, annual_cost::text as "annualCost", currency,
      starts_on::text as "startsOn", ends_on::text as "endsOn", problem
    from snapshot_terms
    where workspace_id = ${basis.connection.workspaceId}
      and snapshot_id = ${basis.directorySnapshotId}
    order by sku_no, place`);
  return Map.groupBy(rows, ({ no }) => no);
}

/** A SKU that people hold and no license stands for: its units are not known, which is not 0. */
const unitsOf = (row: AppLicenseRow): ReportedUnits | null =>
  row.units_reported
    ? {
        enabled: row.enabled,
        expiring: row.expiring,
        suspended: row.suspended,
        lockedOut: row.locked_out,
      }
    : null;

interface Context {
  readonly basis: Basis;
  readonly terms: ReadonlyMap<number, readonly LicenseTerm[]>;
  readonly held: ReadonlySet<number>;
  /** Somebody holds something, or nobody is there: accounts without a single SKU tell nothing of who holds what. */
  readonly skusTold: boolean;
}

/** Nobody can be said to hold a license whose SKU is not known: 0 would be a guess. */
const holdersTold = ({ held, skusTold }: Context, row: AppLicenseRow): boolean =>
  row.no === null || held.has(row.no) || (row.sku_id !== null && skusTold);

const toFacts = (context: Context, row: AppLicenseRow): SkuFacts => ({
  externalId: row.external_id,
  skuNo: row.no,
  skuId: row.key,
  microsoftSkuId: row.sku_id,
  partNumber: row.part_number,
  productName:
    row.sku_id === null
      ? (row.app_name ?? row.external_id)
      : productName({
          skuId: row.sku_id,
          partNumber: row.part_number ?? row.app_name,
          tableName: row.table_name,
        }).name,
  listed:
    row.no === null
      ? null
      : { appliesTo: "user", units: unitsOf(row), consumedUnits: row.consumed_units },
  firstConsumedUnits: null,
  entitled:
    row.by_terms && row.no !== null
      ? entitledByTerms(context.terms.get(row.no) ?? [], context.basis.evaluatedOn)
      : null,
  holdersTold: holdersTold(context, row),
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
