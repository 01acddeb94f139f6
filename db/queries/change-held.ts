import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { changeKinds, changeNumber, seatEffect } from "#lib/domain/change";
import type { HeldLicense } from "#lib/domain/change-models";
import { nameOf } from "./change-reads.ts";

/** Safe: positions in `changeKinds` are ours, and none comes from a caller. */
const kindsWith = (effect: -1 | 1) =>
  sql.raw(
    changeKinds
      .filter((kind) => seatEffect(kind) === effect)
      .map(changeNumber)
      .join(),
  );

/**
 * Every license of the published and of the held directory, side by side, the largest loss of seats first. Seats before
 * are those every page shows; seats after are these with the proposed changes; null = who holds a license of an application
 * is not told while its product is not known. Units: null = not listed or not reported.
 */
export async function listHeldLicenses(
  tx: Tx,
  key: { readonly workspaceId: string; readonly setId: number },
): Promise<readonly HeldLicense[]> {
  const rows = await tx.execute<{
    sku_id: string;
    license_id: string | null;
    product_name: string | null;
    table_name: string | null;
    part_number: string | null;
    enabled_before: number | null;
    enabled_after: number | null;
    seats_before: number | null;
    seats_after: number | null;
  }>(sql`
    with held as (
      select s.workspace_id, s.id, c.source, c.tenant_id, c.reconciliation_id,
        r.snapshot_id as after_id, e.snapshot_id as before_id
      from change_sets s
      join connections c on c.workspace_id = s.workspace_id and c.id = s.connection_id
      join dataset_runs r on r.workspace_id = s.workspace_id and r.id = s.run_id
      left join dataset_epochs e on e.workspace_id = s.workspace_id
        and e.connection_id = s.connection_id and e.dataset = 'directory'
      where s.workspace_id = ${key.workspaceId} and s.id = ${key.setId}),
    listed as (
      select h.before_id = k.snapshot_id as is_before, k.sku_no, k.part_number,
        k.external_id, k.license_name, k.external_id is not null and k.license_sku_id is null as open,
        case when k.units_reported then coalesce(k.enabled, 0) end as enabled
      from held h
      join snapshot_skus k on k.workspace_id = h.workspace_id
        and k.snapshot_id in (h.before_id, h.after_id) and k.reading = 2),
    before as (
      select p.sku_no, p.consumed from held h
      join license_positions p on p.workspace_id = h.workspace_id
        and p.reconciliation_id = h.reconciliation_id
      where p.sku_no is not null and p.consumed is not null),
    effects as (
      select c.sku_no, (sum(c.count) filter (where c.kind in (${kindsWith(1)}))) as gained,
        (sum(c.count) filter (where c.kind in (${kindsWith(-1)}))) as lost
      from held h
      join change_counts c on c.workspace_id = h.workspace_id and c.change_set_id = h.id
      group by c.sku_no),
    skus as (
      select sku_no from listed union select sku_no from before union select sku_no from effects)
    select n.sku_id, l.id as license_id, coalesce(l.product_name, a.license_name) as product_name,
      t.display_name as table_name,
      coalesce(a.part_number, b.part_number, n.name) as part_number,
      b.enabled as enabled_before, a.enabled as enabled_after,
      case when p.sku_no is null and b.open then null else coalesce(p.consumed, 0) end as seats_before,
      case when p.sku_no is null and f.sku_no is null and a.open then null
        else (coalesce(p.consumed, 0) + coalesce(f.gained, 0) - coalesce(f.lost, 0))::int end as seats_after
    from skus
    cross join held h
    join sku_numbers n on n.workspace_id = h.workspace_id and n.no = skus.sku_no
    left join listed b on b.sku_no = skus.sku_no and b.is_before
    left join listed a on a.sku_no = skus.sku_no and a.is_before is not true
    left join licenses l on l.workspace_id = h.workspace_id and l.source = h.source
      and l.tenant_id = h.tenant_id
      and l.external_id = coalesce(a.external_id, b.external_id, 'sku:' || n.name, n.sku_id::text)
    left join products t on t.sku_id = n.sku_id
    left join before p on p.sku_no = skus.sku_no
    left join effects f on f.sku_no = skus.sku_no
    order by coalesce(f.lost, 0) - coalesce(f.gained, 0) desc, coalesce(p.consumed, 0) desc, n.sku_id`);
  return rows.map((row) => ({
    skuId: row.sku_id,
    licenseId: row.license_id,
    productName: nameOf(row),
    enabledBefore: row.enabled_before,
    enabledAfter: row.enabled_after,
    seatsBefore: row.seats_before,
    seatsAfter: row.seats_after,
  }));
}
