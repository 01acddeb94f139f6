import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { ChangedLink } from "#lib/domain/app-license";
import type { ApplicationSku, RunHandle } from "#lib/import/ports";
import { productsOf } from "./products.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/** Notes which SKUs a page's accounts of an application hold, by their numbers. Each is kept once. */
export async function insertAppSkus(
  tx: Tx,
  place: Place,
  given: { readonly appId: string; readonly skuNos: readonly number[] },
): Promise<void> {
  if (given.skuNos.length === 0) return;
  await tx.execute(sql`
    insert into snapshot_app_skus (workspace_id, snapshot_id, app_id, sku_no)
    select ${place.workspaceId}, ${place.snapshotId}, ${given.appId}, no::int
    from jsonb_array_elements_text(${JSON.stringify(given.skuNos)}::jsonb) no
    order by no::int
    on conflict do nothing`);
}

/** SKUs that the accounts of a snapshot hold, by application. */
export async function listAppSkus(tx: Tx, place: Place): Promise<readonly ApplicationSku[]> {
  const rows = await tx.execute<ApplicationSku & Record<string, unknown>>(sql`
    select s.app_id as "appId", n.sku_id as "skuId"
    from snapshot_app_skus s
    join sku_numbers n on n.workspace_id = s.workspace_id and n.no = s.sku_no
    where s.workspace_id = ${place.workspaceId} and s.snapshot_id = ${place.snapshotId}
    order by 1, 2`);
  return [...rows];
}

/**
 * Licenses that stood for a SKU by their own ids or by the accounts in the published snapshot, and do so no more in this
 * one, or for another. Left out: those that are gone, those that were mapped, and those whose SKU a person gave to
 * another license.
 */
export async function listChangedLinks(
  tx: Tx,
  key: Place & { readonly publishedId: number },
): Promise<readonly ChangedLink[]> {
  const rows = await tx.execute<ChangedLink & Record<string, unknown>>(sql`
    select a.external_id as "externalId", a.license_name as name, b.license_sku_id as before,
      a.license_sku_id as after, a.resolution
    from snapshot_skus b
    join snapshot_skus a on a.workspace_id = b.workspace_id and a.snapshot_id = ${key.snapshotId}
      and a.reading = 2 and a.external_id = b.external_id
    where b.workspace_id = ${key.workspaceId} and b.snapshot_id = ${key.publishedId}
      and b.reading = 2 and b.resolution in ('license-id', 'accounts')
      and a.resolution <> 'mapping' and a.license_sku_id is distinct from b.license_sku_id
      and not exists (
        select from snapshot_skus m where m.workspace_id = a.workspace_id
          and m.snapshot_id = a.snapshot_id and m.reading = 2 and m.resolution = 'mapping'
          and m.license_sku_id = b.license_sku_id)
    order by a.external_id`);
  const productOf = await productsOf(
    tx,
    rows.flatMap(({ before, after }) => [before, after ?? before]),
  );
  return rows.map(({ before, after, ...row }) => ({
    ...row,
    before: productOf(before).name,
    after: after === null ? null : productOf(after).name,
  }));
}
