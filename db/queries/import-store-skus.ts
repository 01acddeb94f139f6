import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle, SkuRow } from "#lib/import/ports";
import { lastPerKey } from "./last-per-key.ts";
import { numberOf, numberSkus, type SkuNumbers } from "./sku-numbers.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

const asStored = ({ license, ...sku }: SkuRow, numbers: SkuNumbers) => {
  const units = sku.prepaidUnits;
  return {
    ...sku,
    ...units,
    externalId: license?.externalId ?? null,
    licenseName: license?.name ?? null,
    licenseSkuId: license?.skuId ?? null,
    resolution: license?.resolution ?? null,
    candidateSkuIds: license?.candidates ?? null,
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
  const numbers = await numberSkus(
    tx,
    place.workspaceId,
    last.map((row) => row.skuId),
  );
  const json = JSON.stringify(last.map((row) => asStored(row, numbers)));
  const [stored] = await tx.execute<{ fresh: number }>(sql`
    with stored as (
      insert into snapshot_skus (workspace_id, snapshot_id, reading, sku_no, part_number,
        applies_to, capability_status, consumed_units, units_reported, enabled, expiring,
        suspended, locked_out, subscription_ids, service_plan_ids, external_id, license_name,
        license_sku_id, resolution, candidate_sku_ids)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, ${reading}::smallint, r.*
      from jsonb_to_recordset(${json}::jsonb) as r("skuNo" int, "partNumber" text,
        "appliesTo" text, "capabilityStatus" text, "consumedUnits" int, "unitsReported" boolean,
        enabled int, expiring int, suspended int, "lockedOut" int, "subscriptionIds" text[],
        "servicePlanIds" uuid[], "externalId" text, "licenseName" text, "licenseSkuId" uuid,
        resolution text, "candidateSkuIds" uuid[])
      on conflict (workspace_id, snapshot_id, reading, sku_no) do update set
        part_number = excluded.part_number, applies_to = excluded.applies_to,
        capability_status = excluded.capability_status, consumed_units = excluded.consumed_units,
        units_reported = excluded.units_reported, enabled = excluded.enabled,
        expiring = excluded.expiring, suspended = excluded.suspended,
        locked_out = excluded.locked_out, subscription_ids = excluded.subscription_ids,
        service_plan_ids = excluded.service_plan_ids, external_id = excluded.external_id,
        license_name = excluded.license_name, license_sku_id = excluded.license_sku_id,
        resolution = excluded.resolution, candidate_sku_ids = excluded.candidate_sku_ids
      returning (xmax = 0) as fresh)
    select count(*) filter (where fresh)::int as fresh from stored`);
  if (reading === 2) await insertTerms(tx, place, last, numbers);
  return rows.length - (stored?.fresh ?? 0);
}

/** Terms of the licenses of a list that names some. The list is one page, read after the accounts. */
async function insertTerms(
  tx: Tx,
  place: Place,
  rows: readonly SkuRow[],
  numbers: SkuNumbers,
): Promise<void> {
  const terms = rows.flatMap(({ skuId, license }) =>
    (license?.terms ?? []).map((term, at) => ({
      skuNo: numberOf(numbers, skuId),
      place: at + 1,
      ...term,
    })),
  );
  if (terms.length === 0) return;
  await tx.execute(sql`
    insert into snapshot_terms (workspace_id, snapshot_id, sku_no, place, type, units, annual_cost,
      currency, starts_on, ends_on, problem)
    select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, r.*
    from jsonb_to_recordset(${JSON.stringify(terms)}::jsonb) as r("skuNo" int, place smallint,
      type text, units int, "annualCost" numeric, currency text, "startsOn" date, "endsOn" date,
      problem text)`);
}
