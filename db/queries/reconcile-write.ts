import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { LicensePosition } from "#lib/domain/license";
import { valueOrNull } from "#lib/domain/quantity";
import { unavailableFields } from "#lib/domain/reconcile";
import type { Basis } from "./reconcile-basis.ts";
import type { ContractFacts, Decision } from "./reconcile-contracts.ts";
import type { IdleUnits } from "./reconcile-opportunities.ts";
import type { SkuFacts } from "./reconcile-skus.ts";

/** One license on its way into a reconciliation. */
export interface ReconciledLicense {
  readonly sku: SkuFacts;
  readonly position: LicensePosition;
  readonly contract: ContractFacts;
  readonly decision: Decision | null;
  /** Units nobody holds; null = not known, 0 for licenses without opportunities. Seats. */
  readonly unassigned: number | null;
}

/** Creates or updates the asset records; identity is (source, tenant, external id). Returns license ids by external id. */
export async function upsertLicenses(
  tx: Tx,
  basis: Basis,
  licenses: readonly ReconciledLicense[],
): Promise<ReadonlyMap<string, string>> {
  const { workspaceId, connectionId, source, tenantId } = basis.connection;
  const rows = licenses.map(({ sku, position }) => ({
    externalId: sku.externalId,
    skuId: sku.microsoftSkuId,
    partNumber: sku.partNumber,
    productName: sku.productName,
    type: position.type,
    status: position.status,
    retiredReason: position.retiredReason,
  }));
  const stored = await tx.execute<{ id: string; external_id: string }>(sql`
    insert into licenses (workspace_id, source, tenant_id, external_id, sku_id, connection_id,
      part_number, product_name, type, status, retired_reason, retired_at)
    select ${workspaceId}::uuid, ${source}, ${tenantId}::uuid, r."externalId", r."skuId",
      ${connectionId}::uuid, r."partNumber", r."productName", r.type, r.status, r."retiredReason",
      case r.status when 'retired' then now() end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("externalId" text, "skuId" uuid,
      "partNumber" text, "productName" text, type text, status text, "retiredReason" text)
    on conflict (workspace_id, source, tenant_id, external_id) do update set
      connection_id = excluded.connection_id, sku_id = excluded.sku_id,
      part_number = excluded.part_number, product_name = excluded.product_name, type = excluded.type, status = excluded.status,
      retired_reason = excluded.retired_reason,
      retired_at = case
        when excluded.status = 'active' then null
        when licenses.retired_reason is not distinct from excluded.retired_reason
          then coalesce(licenses.retired_at, now())
        else now() end
    returning id, external_id`);
  return new Map(stored.map((row) => [row.external_id, row.id]));
}

const noIdleUnits: IdleUnits = { idle: 0, low: 0, directIdle: 0, leftOut: {} };

const toRow = (license: ReconciledLicense, licenseId: string, idle: IdleUnits) => {
  const { position, contract, decision, sku } = license;
  const { price } = contract;
  return {
    licenseId,
    skuNo: sku.skuNo,
    status: position.status,
    retiredReason: position.retiredReason,
    compliance: position.compliance,
    flags: position.flags,
    enabled: valueOrNull(position.enabled),
    expiring: valueOrNull(position.expiring),
    suspended: valueOrNull(position.suspended),
    lockedOut: valueOrNull(position.lockedOut),
    entitled: valueOrNull(position.entitled),
    reported: valueOrNull(position.reported),
    consumed: valueOrNull(position.consumed),
    difference: valueOrNull(position.difference),
    trial: valueOrNull(position.trial),
    available: valueOrNull(position.available),
    shortfall: valueOrNull(position.shortfall),
    purchased: valueOrNull(position.purchased),
    contract: position.contract,
    assigned: valueOrNull(position.assigned),
    activity: valueOrNull(position.activity),
    blocked: valueOrNull(position.blocked),
    guests: valueOrNull(position.guests),
    unavailable: unavailableFields(position),
    idleUnits: idle.idle,
    lowConfidenceUnits: idle.low,
    directIdleUnits: idle.directIdle,
    unassignedUnits: license.unassigned,
    leftOut: idle.leftOut,
    priceAmount: price?.amount ?? null,
    priceCurrency: price?.currency ?? null,
    priceSource: price?.source ?? null,
    priceAsOf: price?.asOf ?? null,
    decisionOn: decision?.on ?? null,
    decisionSource: decision?.source ?? null,
    decisionUnits: decision?.units ?? null,
    active: position.activity.kind === "known" ? position.activity.value.active : null,
  };
};

/** Writes the positions of a reconciliation and the history of its day. */
export async function insertPositions(
  tx: Tx,
  basis: Basis,
  input: {
    readonly reconciliationId: number;
    readonly licenses: readonly ReconciledLicense[];
    readonly licenseIds: ReadonlyMap<string, string>;
    readonly idle: ReadonlyMap<string, IdleUnits>;
  },
): Promise<void> {
  const { workspaceId } = basis.connection;
  const rows = input.licenses.map((license) => {
    const { externalId } = license.sku;
    const licenseId = input.licenseIds.get(externalId);
    if (licenseId === undefined) throw new Error(`License ${externalId} was not stored.`);
    return toRow(license, licenseId, input.idle.get(licenseId) ?? noIdleUnits);
  });
  const json = JSON.stringify(rows);
  await tx.execute(sql`
    insert into license_positions (workspace_id, reconciliation_id, license_id, sku_no, status,
      retired_reason, compliance, flags, enabled, expiring, suspended, locked_out, entitled,
      reported, consumed, difference, trial, available, shortfall, purchased, contract, assigned,
      activity, blocked, guests, unavailable, idle_units, low_confidence_units,
      direct_idle_units, unassigned_units, left_out, price_amount, price_currency, price_source,
      price_as_of, decision_on, decision_source, decision_units)
    select ${workspaceId}::uuid, ${input.reconciliationId}::int, r.*
    from jsonb_to_recordset(${json}::jsonb) as r("licenseId" uuid, "skuNo" int, status text,
      "retiredReason" text, compliance text, flags text[], enabled int, expiring int,
      suspended int, "lockedOut" int, entitled int, reported int, consumed int, difference jsonb,
      trial int, available int, shortfall int, purchased int, contract jsonb, assigned jsonb,
      activity jsonb, blocked int, guests int, unavailable jsonb, "idleUnits" int,
      "lowConfidenceUnits" int, "directIdleUnits" int, "unassignedUnits" int, "leftOut" jsonb,
      "priceAmount" numeric, "priceCurrency" text, "priceSource" text, "priceAsOf" text,
      "decisionOn" date, "decisionSource" text, "decisionUnits" int)`);
  await writeHistory(tx, basis, json);
}

/** The day's last position of each Active license. Retired licenses are in no total, of any day they are Retired. */
async function writeHistory(tx: Tx, basis: Basis, json: string): Promise<void> {
  const { workspaceId } = basis.connection;
  await tx.execute(sql`
    with positions as (
      select * from jsonb_to_recordset(${json}::jsonb) as r("licenseId" uuid, status text,
        entitled int, consumed int, active int, available int, compliance text)),
    retired as (
      delete from license_history h using positions p
      where h.workspace_id = ${workspaceId} and h.license_id = p."licenseId"
        and h.day = ${basis.evaluatedOn}::date and p.status = 'retired')
    insert into license_history (workspace_id, license_id, day, entitled, consumed, active,
      available, compliance)
    select ${workspaceId}::uuid, "licenseId", ${basis.evaluatedOn}::date, entitled, consumed,
      active, available, compliance
    from positions where status = 'active'
    on conflict (workspace_id, license_id, day) do update set entitled = excluded.entitled,
      consumed = excluded.consumed, active = excluded.active, available = excluded.available,
      compliance = excluded.compliance`);
}
