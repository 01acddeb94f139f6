import { and, eq, gte, inArray, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { licenseHistory, licensePositions, licenses, reconciliations } from "#db/schema/licenses";
import type { Compliance, Flag, LicenseStatus, UtcDay } from "#lib/domain/license";
import type { LicenseItem } from "#lib/domain/license-item";
import { type After, keysetAfter, keysetOrder, type SortKey, sortValueText } from "./keyset.ts";
import { toLicenseItem } from "./license-item.ts";
import { matchesText } from "./license-search.ts";
import { asOfColumns } from "./reconciliation-reads.ts";

export const licenseSorts = [
  "attention",
  "product",
  "tenant",
  "available",
  "consumed",
  "entitled",
  "idle",
] as const;
export type LicenseSort = (typeof licenseSorts)[number];

export interface LicenseFilter {
  readonly compliance?: Compliance | undefined;
  readonly flag?: Flag | undefined;
  readonly status?: LicenseStatus | undefined;
  readonly search?: string | undefined;
}

/** A license with its place in the list's order. */
export interface LicenseRow {
  readonly item: LicenseItem;
  readonly after: After;
}

const licenseColumns = {
  id: licenses.id,
  connectionId: licenses.connectionId,
  tenantId: licenses.tenantId,
  tenantName: sql<string>`coalesce(${connections.tenantName}, ${connections.name})`,
  source: licenses.source,
  skuId: licenses.skuId,
  partNumber: licenses.partNumber,
  productName: licenses.productName,
  type: licenses.type,
  status: licensePositions.status,
  retiredReason: licensePositions.retiredReason,
  compliance: licensePositions.compliance,
  flags: licensePositions.flags,
  enabled: licensePositions.enabled,
  expiring: licensePositions.expiring,
  suspended: licensePositions.suspended,
  lockedOut: licensePositions.lockedOut,
  entitled: licensePositions.entitled,
  reported: licensePositions.reported,
  consumed: licensePositions.consumed,
  difference: licensePositions.difference,
  trial: licensePositions.trial,
  available: licensePositions.available,
  shortfall: licensePositions.shortfall,
  purchased: licensePositions.purchased,
  contract: licensePositions.contract,
  assigned: licensePositions.assigned,
  activity: licensePositions.activity,
  blocked: licensePositions.blocked,
  guests: licensePositions.guests,
  unavailable: licensePositions.unavailable,
  idleUnits: licensePositions.idleUnits,
  lowConfidenceUnits: licensePositions.lowConfidenceUnits,
  directIdleUnits: licensePositions.directIdleUnits,
  unassignedUnits: licensePositions.unassignedUnits,
  priceAmount: licensePositions.priceAmount,
  priceCurrency: licensePositions.priceCurrency,
  priceSource: licensePositions.priceSource,
  priceAsOf: licensePositions.priceAsOf,
  decisionOn: licensePositions.decisionOn,
  decisionSource: licensePositions.decisionSource,
  decisionUnits: licensePositions.decisionUnits,
  evaluatedOn: reconciliations.evaluatedOn,
  ...asOfColumns,
};

/** What needs a person first: short, unknown, unexplained, idle, retired; the larger the earlier. Seats decide ties. */
const attention = sql`(case
    when ${licensePositions.status} = 'retired' then 9
    when ${licensePositions.compliance} = 'at-risk' then 0
    when ${licensePositions.compliance} = 'unknown' then 1
    when ${licensePositions.flags} && array['difference', 'contract-mismatch', 'depends-on-grace'] then 2
    when ${licensePositions.idleUnits} + coalesce(${licensePositions.unassignedUnits}, 0) > 0 then 3
    else 4 end) * 1000000000000::numeric
  - greatest(coalesce(${licensePositions.shortfall}, 0),
      ${licensePositions.idleUnits} + coalesce(${licensePositions.unassignedUnits}, 0))`;

const sortExpressions: Record<LicenseSort, Omit<SortKey, "descending">> = {
  attention: { expression: attention, type: "number" },
  product: { expression: sql`${licenses.productName}`, type: "text" },
  tenant: {
    expression: sql`coalesce(${connections.tenantName}, ${connections.name})`,
    type: "text",
  },
  available: { expression: sql`${licensePositions.available}`, type: "number" },
  consumed: { expression: sql`${licensePositions.consumed}`, type: "number" },
  entitled: { expression: sql`${licensePositions.entitled}`, type: "number" },
  idle: { expression: sql`${licensePositions.idleUnits}`, type: "number" },
};

/** Conditions of a license list; the joins of `fromPositions` must be there. */
export const licenseConditions = (
  workspaceId: string,
  reconciliationIds: readonly number[],
  filter: LicenseFilter,
): SQL | undefined =>
  and(
    eq(licensePositions.workspaceId, workspaceId),
    inArray(licensePositions.reconciliationId, [...reconciliationIds]),
    filter.compliance === undefined
      ? undefined
      : eq(licensePositions.compliance, filter.compliance),
    filter.flag === undefined ? undefined : sql`${filter.flag} = any(${licensePositions.flags})`,
    filter.status === undefined ? undefined : eq(licensePositions.status, filter.status),
    filter.search === undefined
      ? undefined
      : matchesText(filter.search, [
          sql`${licenses.productName}`,
          sql`${licenses.partNumber}`,
          sql`${connections.tenantName}`,
          sql`${connections.name}`,
        ]),
  );

/** Positions with their license, reconciliation and connection; every join stays within the workspace. */
export const joinPosition = {
  license: and(
    eq(licenses.workspaceId, licensePositions.workspaceId),
    eq(licenses.id, licensePositions.licenseId),
  ),
  reconciliation: and(
    eq(reconciliations.workspaceId, licensePositions.workspaceId),
    eq(reconciliations.id, licensePositions.reconciliationId),
  ),
  connection: and(
    eq(connections.workspaceId, licensePositions.workspaceId),
    eq(connections.id, licenses.connectionId),
  ),
};

/** One page of licenses as positioned by the given reconciliations; up to `limit` rows. Seats. */
export async function listLicenseRows(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly reconciliationIds: readonly number[];
    readonly filter: LicenseFilter;
    readonly sort: LicenseSort;
    readonly descending: boolean;
    readonly after: After | null;
    readonly limit: number;
  },
): Promise<readonly LicenseRow[]> {
  if (query.reconciliationIds.length === 0) return [];
  const key: SortKey = { ...sortExpressions[query.sort], descending: query.descending };
  const id = sql`${licenses.id}`;
  const rows = await tx
    .select({ ...licenseColumns, sortText: sortValueText(key) })
    .from(licensePositions)
    .innerJoin(licenses, joinPosition.license)
    .innerJoin(reconciliations, joinPosition.reconciliation)
    .innerJoin(connections, joinPosition.connection)
    .where(
      and(
        licenseConditions(query.workspaceId, query.reconciliationIds, query.filter),
        keysetAfter(key, id, "uuid", query.after),
      ),
    )
    .orderBy(keysetOrder(key, id))
    .limit(query.limit);
  return rows.map(({ sortText, ...row }) => ({
    item: toLicenseItem(row),
    after: { key: sortText, id: row.id },
  }));
}

/** One license in its connection's current reconciliation, with what only its own page shows. */
export interface LicenseFacts {
  readonly item: LicenseItem;
  readonly connectionName: string;
  readonly reconciliationId: number;
  readonly skuNo: number | null;
  readonly directorySnapshotId: number | null;
  readonly leftOut: Readonly<Record<string, number>>;
}

/**
 * The license as its connection's current reconciliation has it, or as an earlier one had. Undefined for an unknown id,
 * another workspace's id, and a license the reconciliation does not have.
 */
export async function findLicense(
  tx: Tx,
  key: {
    readonly workspaceId: string;
    readonly licenseId: string;
    readonly reconciliationId?: number | undefined;
  },
): Promise<LicenseFacts | undefined> {
  const [row] = await tx
    .select({
      ...licenseColumns,
      connectionName: connections.name,
      reconciliationId: licensePositions.reconciliationId,
      skuNo: licensePositions.skuNo,
      directorySnapshotId: reconciliations.directorySnapshotId,
      leftOut: licensePositions.leftOut,
    })
    .from(licensePositions)
    .innerJoin(licenses, joinPosition.license)
    .innerJoin(reconciliations, joinPosition.reconciliation)
    .innerJoin(connections, joinPosition.connection)
    .where(
      and(
        eq(licensePositions.workspaceId, key.workspaceId),
        eq(licensePositions.licenseId, key.licenseId),
        eq(licensePositions.reconciliationId, key.reconciliationId ?? connections.reconciliationId),
      ),
    );
  if (row === undefined) return undefined;
  const { connectionName, reconciliationId, skuNo, directorySnapshotId, leftOut, ...license } = row;
  return {
    item: toLicenseItem(license),
    connectionName,
    reconciliationId,
    skuNo,
    directorySnapshotId,
    leftOut,
  };
}

/** The last position of each day since `from`, oldest first. Seats. */
export async function licenseHistorySince(
  tx: Tx,
  key: { readonly workspaceId: string; readonly licenseId: string; readonly from: UtcDay },
): Promise<
  {
    day: UtcDay;
    entitled: number | null;
    consumed: number | null;
    active: number | null;
  }[]
> {
  return tx
    .select({
      day: licenseHistory.day,
      entitled: licenseHistory.entitled,
      consumed: licenseHistory.consumed,
      active: licenseHistory.active,
    })
    .from(licenseHistory)
    .where(
      and(
        eq(licenseHistory.workspaceId, key.workspaceId),
        eq(licenseHistory.licenseId, key.licenseId),
        gte(licenseHistory.day, key.from),
      ),
    )
    .orderBy(licenseHistory.day);
}

/** Deletes the licenses of a connection with their positions and history; returns how many. */
export async function deleteLicensesOf(
  tx: Tx,
  key: { readonly workspaceId: string; readonly connectionId: string },
): Promise<number> {
  const gone = await tx
    .delete(licenses)
    .where(
      and(
        eq(licenses.workspaceId, key.workspaceId),
        eq(licenses.connectionId, key.connectionId),
        eq(licenses.status, "retired"),
      ),
    )
    .returning({ id: licenses.id });
  return gone.length;
}
