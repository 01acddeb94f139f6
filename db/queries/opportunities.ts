import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { licensePositions, licenses, opportunities, reconciliations } from "#db/schema/licenses";
import { snapshotAssignments, snapshotUsers } from "#db/schema/snapshots";
import type { Source } from "#lib/domain/connection";
import type { MonthlyPrice } from "#lib/domain/money";
import type { Confidence, OpportunityKind } from "#lib/domain/opportunity";
import type { UnavailableReason } from "#lib/domain/quantity";
import { type Origin, originOf } from "./assignment-origin.ts";
import { type After, keysetAfter, keysetOrder, type SortKey, sortValueText } from "./keyset.ts";
import { toMonthlyPrice } from "./license-item.ts";

export const opportunitySorts = ["value", "since", "product"] as const;
export type OpportunitySort = (typeof opportunitySorts)[number];

export interface OpportunityFilter {
  readonly licenseId?: string | undefined;
  readonly kind?: OpportunityKind | undefined;
  readonly confidence?: Confidence | undefined;
}

/** One opportunity as stored, with its person; the sentence is made of it by lib/domain/opportunity-text. */
export interface OpportunityRow {
  readonly licenseId: string;
  readonly userNo: number;
  readonly connectionId: string;
  readonly tenantName: string;
  readonly source: Source;
  readonly productName: string;
  readonly skuId: string | null;
  readonly kind: OpportunityKind;
  readonly confidence: Confidence;
  readonly since: string | null;
  readonly caution: string | null;
  readonly units: number;
  readonly evaluatedOn: string;
  readonly signInsUnavailable: UnavailableReason | null;
  readonly usageUnavailable: UnavailableReason | null;
  readonly userId: string | null;
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly department: string | null;
  readonly origin: Origin | null;
  readonly monthlyPrice: MonthlyPrice | null;
  readonly after: After;
}

const sortExpressions: Record<OpportunitySort, Omit<SortKey, "descending">> = {
  value: {
    expression: sql`${licensePositions.priceAmount} * ${opportunities.units}`,
    type: "number",
  },
  since: { expression: sql`(${opportunities.since} - date '1970-01-01')`, type: "number" },
  product: { expression: sql`${licenses.productName}`, type: "text" },
};

/** Which opportunities of which reconciliations. */
export const opportunityConditions = (
  workspaceId: string,
  reconciliationIds: readonly number[],
  filter: OpportunityFilter,
): SQL | undefined =>
  and(
    eq(opportunities.workspaceId, workspaceId),
    inArray(reconciliations.id, [...reconciliationIds]),
    filter.licenseId === undefined ? undefined : eq(opportunities.licenseId, filter.licenseId),
    filter.kind === undefined ? undefined : eq(opportunities.kind, filter.kind),
    filter.confidence === undefined ? undefined : eq(opportunities.confidence, filter.confidence),
  );

/** The reconciliations an opportunity is of. */
export const reconciliationJoin = and(
  eq(reconciliations.workspaceId, opportunities.workspaceId),
  eq(reconciliations.opportunitiesOf, opportunities.reconciliationId),
);

/** An opportunity's license in that reconciliation. */
export const positionJoin = and(
  eq(licensePositions.workspaceId, opportunities.workspaceId),
  eq(licensePositions.reconciliationId, reconciliations.id),
  eq(licensePositions.licenseId, opportunities.licenseId),
);
const licenseJoin = and(
  eq(licenses.workspaceId, opportunities.workspaceId),
  eq(licenses.id, opportunities.licenseId),
);

/** The row's own key: license, then the account's number in its snapshot (0 = the unassigned block). */
const rowKey = sql`(${opportunities.licenseId}::text || lpad(${opportunities.userNo}::text, 10, '0')) collate "C"`;

export interface OpportunityQuery {
  readonly workspaceId: string;
  readonly reconciliationIds: readonly number[];
  readonly filter: OpportunityFilter;
  readonly sort: OpportunitySort;
  readonly descending: boolean;
  readonly after: After | null;
  readonly limit: number;
}

/** The page's rows by key alone: people and names are looked up for these only. */
const selectPage = (tx: Tx, query: OpportunityQuery, key: SortKey) =>
  tx
    .select({
      reconciliationId: reconciliations.id,
      storedIn: opportunities.reconciliationId,
      licenseId: opportunities.licenseId,
      userNo: opportunities.userNo,
    })
    .from(opportunities)
    .innerJoin(reconciliations, reconciliationJoin)
    .innerJoin(licensePositions, positionJoin)
    .innerJoin(licenses, licenseJoin)
    .where(
      and(
        opportunityConditions(query.workspaceId, query.reconciliationIds, query.filter),
        keysetAfter(key, rowKey, "text", query.after),
      ),
    )
    .orderBy(keysetOrder(key, rowKey))
    .limit(query.limit)
    .as("page");

/** One page of opportunities of the given reconciliations. Seats. */
export async function listOpportunityRows(
  tx: Tx,
  query: OpportunityQuery,
): Promise<readonly OpportunityRow[]> {
  if (query.reconciliationIds.length === 0) return [];
  const key: SortKey = { ...sortExpressions[query.sort], descending: query.descending };
  const page = selectPage(tx, query, key);
  const rows = await tx
    .select({
      licenseId: opportunities.licenseId,
      userNo: opportunities.userNo,
      connectionId: licenses.connectionId,
      tenantName: sql<string>`coalesce(${connections.tenantName}, ${connections.name})`,
      source: licenses.source,
      productName: licenses.productName,
      skuId: licenses.skuId,
      kind: opportunities.kind,
      confidence: opportunities.confidence,
      since: opportunities.since,
      caution: opportunities.caution,
      units: opportunities.units,
      evaluatedOn: reconciliations.evaluatedOn,
      signInsUnavailable: reconciliations.signInsUnavailable,
      usageUnavailable: reconciliations.usageUnavailable,
      userId: snapshotUsers.userId,
      userPrincipalName: snapshotUsers.userPrincipalName,
      displayName: snapshotUsers.displayName,
      department: snapshotUsers.department,
      origin: originOf,
      priceAmount: licensePositions.priceAmount,
      priceCurrency: licensePositions.priceCurrency,
      priceSource: licensePositions.priceSource,
      priceAsOf: licensePositions.priceAsOf,
      sortText: sortValueText(key),
      keyText: sql<string>`${rowKey}`,
    })
    .from(opportunities)
    .innerJoin(
      page,
      and(
        eq(page.storedIn, opportunities.reconciliationId),
        eq(page.licenseId, opportunities.licenseId),
        eq(page.userNo, opportunities.userNo),
      ),
    )
    .innerJoin(
      reconciliations,
      and(
        eq(reconciliations.workspaceId, opportunities.workspaceId),
        eq(reconciliations.id, page.reconciliationId),
      ),
    )
    .innerJoin(licensePositions, positionJoin)
    .innerJoin(licenses, licenseJoin)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, licenses.workspaceId),
        eq(connections.id, licenses.connectionId),
      ),
    )
    .leftJoin(
      snapshotUsers,
      and(
        eq(snapshotUsers.workspaceId, opportunities.workspaceId),
        eq(snapshotUsers.snapshotId, reconciliations.directorySnapshotId),
        eq(snapshotUsers.userNo, opportunities.userNo),
        sql`${opportunities.kind} <> 'unassigned'`,
      ),
    )
    .leftJoin(
      snapshotAssignments,
      and(
        eq(snapshotAssignments.workspaceId, opportunities.workspaceId),
        eq(snapshotAssignments.snapshotId, reconciliations.directorySnapshotId),
        eq(snapshotAssignments.skuNo, licensePositions.skuNo),
        eq(snapshotAssignments.userNo, opportunities.userNo),
        sql`${opportunities.kind} <> 'unassigned'`,
      ),
    )
    .where(eq(opportunities.workspaceId, query.workspaceId))
    .orderBy(keysetOrder(key, rowKey));
  return rows.map((row) => ({
    ...row,
    monthlyPrice: toMonthlyPrice(row),
    after: { key: row.sortText, id: row.keyText },
  }));
}
