import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { LicenseResolution, LicenseTerm } from "#lib/domain/app-license";
import { withBulkPlans } from "./bulk-plans.ts";
import type { ConnectionKey } from "./connections.ts";
import { countHeld } from "./snapshot-figures.ts";

/** A read directory of a connection: the published one, or before the first publish the one that is held. */
export interface DirectoryRead {
  readonly workspaceId: string;
  readonly snapshotId: number;
  readonly runId: string;
  readonly asOf: Date;
  readonly held: boolean;
}

/** The directory to look at; undefined before the first was read. */
export async function findDirectoryRead(
  tx: Tx,
  { workspaceId, connectionId }: ConnectionKey,
): Promise<DirectoryRead | undefined> {
  const [row] = await tx.execute<{ id: string; run_id: string; as_of: string; held: boolean }>(sql`
    select s.id, s.run_id, s.as_of, s.state = 'held' as held from snapshots s
    where s.workspace_id = ${workspaceId} and s.connection_id = ${connectionId}
      and s.dataset = 'directory' and s.state in ('published', 'held')
    order by s.state = 'held', s.id desc limit 1`);
  return row === undefined
    ? undefined
    : {
        workspaceId,
        snapshotId: Number(row.id),
        runId: row.run_id,
        asOf: new Date(row.as_of),
        held: row.held,
      };
}

/** A license as its application lists it. */
export interface AppLicenseRow {
  readonly externalId: string;
  readonly name: string | null;
  readonly resolution: LicenseResolution;
  readonly skuId: string | null;
  /** SkuIds it could stand for while that is open. */
  readonly candidates: readonly string[];
  readonly terms: readonly LicenseTerm[];
}

const columns = sql`s.external_id as "externalId", s.license_name as name, s.resolution,
  s.license_sku_id as "skuId", to_jsonb(coalesce(s.candidate_sku_ids, '{}')) as candidates,
  coalesce((
    select jsonb_agg(jsonb_build_object('type', t.type, 'units', t.units,
      'annualCost', t.annual_cost::text, 'currency', t.currency, 'startsOn', t.starts_on,
      'endsOn', t.ends_on, 'problem', t.problem) order by t.place)
    from snapshot_terms t
    where t.workspace_id = s.workspace_id and t.snapshot_id = s.snapshot_id
      and t.sku_no = s.sku_no), '[]') as terms`;

const selectLicenses = (
  tx: Tx,
  { workspaceId, snapshotId }: Pick<DirectoryRead, "workspaceId" | "snapshotId">,
  which: SQL,
): Promise<readonly AppLicenseRow[]> =>
  tx.execute<AppLicenseRow & Record<string, unknown>>(sql`
    select ${columns} from snapshot_skus s
    where s.workspace_id = ${workspaceId} and s.snapshot_id = ${snapshotId} and s.reading = 2
      and s.external_id is not null and ${which}
    order by coalesce(s.license_name, s.external_id), s.external_id`);

/** The licenses of a read, by name. */
export const listAppLicenses = (
  tx: Tx,
  read: Pick<DirectoryRead, "workspaceId" | "snapshotId">,
): Promise<readonly AppLicenseRow[]> => selectLicenses(tx, read, sql`true`);

/** The license that a read keeps under a SKU number; undefined where the application has none. */
export async function findAppLicense(
  tx: Tx,
  key: { readonly workspaceId: string; readonly snapshotId: number; readonly skuNo: number },
): Promise<AppLicenseRow | undefined> {
  const [license] = await selectLicenses(tx, key, sql`s.sku_no = ${key.skuNo}`);
  return license;
}

/** A SKU that people hold and no license of the read stands for. Seats. */
export interface HeldSkuRow {
  /** As the application writes it; null = Microsoft's id. */
  readonly name: string | null;
  readonly skuId: string;
  readonly seats: number;
}

/** Those SKUs, most seats first. */
export async function listHeldWithoutLicense(
  tx: Tx,
  read: DirectoryRead,
): Promise<readonly HeldSkuRow[]> {
  const held = await withBulkPlans(tx, () => countHeld(tx, { ...read, dataset: "directory" }));
  const rows = await tx.execute<HeldSkuRow & Record<string, unknown>>(sql`
    select n.name, n.sku_id as "skuId", h.value::int as seats
    from jsonb_each_text(${JSON.stringify(held)}::jsonb) h
    join sku_numbers n on n.workspace_id = ${read.workspaceId} and n.no = h.key::int
    where not exists (
      select from snapshot_skus s where s.workspace_id = ${read.workspaceId}
        and s.snapshot_id = ${read.snapshotId} and s.reading = 2 and s.sku_no = n.no)
    order by seats desc, n.name, n.sku_id`);
  return [...rows];
}
