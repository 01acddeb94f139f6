import { and, type Column, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import {
  licensePositions,
  licenses,
  opportunities,
  type opportunityGroups,
  reconciliations,
} from "#db/schema/licenses";
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

/** What an opportunity's place in a list follows from: columns of the view, or of a page of it. */
interface Placed {
  readonly licenseId: Column;
  readonly userNo: Column;
  readonly since: Column;
  readonly units: Column;
}

const sortKeyOf = (of: Placed, query: OpportunityQuery): SortKey => {
  const expressions: Record<OpportunitySort, Omit<SortKey, "descending">> = {
    value: { expression: sql`${licensePositions.priceAmount} * ${of.units}`, type: "number" },
    since: { expression: sql`(${of.since} - date '1970-01-01')`, type: "number" },
    product: { expression: sql`${licenses.productName}`, type: "text" },
  };
  return { ...expressions[query.sort], descending: query.descending };
};

/** The row's own key: license, then the account's number in its snapshot (0 = the unassigned block). */
const rowKeyOf = (of: Placed): SQL =>
  sql`(${of.licenseId}::text || lpad(${of.userNo}::text, 10, '0')) collate "C"`;

/** Opportunities one by one, or as they are stored. */
type Stored = typeof opportunities | typeof opportunityGroups;

/** Which opportunities of which reconciliations. */
export const opportunityConditions = (
  of: Stored,
  workspaceId: string,
  reconciliationIds: readonly number[],
  filter: OpportunityFilter,
): SQL | undefined =>
  and(
    eq(of.workspaceId, workspaceId),
    inArray(reconciliations.id, [...reconciliationIds]),
    filter.licenseId === undefined ? undefined : eq(of.licenseId, filter.licenseId),
    filter.kind === undefined ? undefined : eq(of.kind, filter.kind),
    filter.confidence === undefined ? undefined : eq(of.confidence, filter.confidence),
  );

/** The reconciliations an opportunity is of. */
export const reconciliationJoin = (of: Stored): SQL | undefined =>
  and(
    eq(reconciliations.workspaceId, of.workspaceId),
    eq(reconciliations.opportunitiesOf, of.reconciliationId),
  );

/** A license of a workspace that something is said of. */
interface OfLicense {
  readonly workspaceId: Column;
  readonly licenseId: Column;
}

/** Its position in that reconciliation. */
export const positionJoin = (of: OfLicense): SQL | undefined =>
  and(
    eq(licensePositions.workspaceId, of.workspaceId),
    eq(licensePositions.reconciliationId, reconciliations.id),
    eq(licensePositions.licenseId, of.licenseId),
  );

const licenseJoin = (of: OfLicense): SQL | undefined =>
  and(eq(licenses.workspaceId, of.workspaceId), eq(licenses.id, of.licenseId));

export interface OpportunityQuery {
  readonly workspaceId: string;
  readonly reconciliationIds: readonly number[];
  readonly filter: OpportunityFilter;
  readonly sort: OpportunitySort;
  readonly descending: boolean;
  readonly after: After | null;
  readonly limit: number;
}

/** The page's opportunities alone: licenses, people and texts are looked up for these only. */
function selectPage(tx: Tx, query: OpportunityQuery) {
  const key = sortKeyOf(opportunities, query);
  const rowKey = rowKeyOf(opportunities);
  const { workspaceId, reconciliationIds, filter } = query;
  return tx
    .select({
      workspaceId: opportunities.workspaceId,
      reconciliationId: sql<number>`${reconciliations.id}`.as("current_id"),
      licenseId: opportunities.licenseId,
      userNo: opportunities.userNo,
      kind: opportunities.kind,
      confidence: opportunities.confidence,
      since: opportunities.since,
      caution: opportunities.caution,
      units: opportunities.units,
    })
    .from(opportunities)
    .innerJoin(reconciliations, reconciliationJoin(opportunities))
    .innerJoin(licensePositions, positionJoin(opportunities))
    .innerJoin(licenses, licenseJoin(opportunities))
    .where(
      and(
        opportunityConditions(opportunities, workspaceId, reconciliationIds, filter),
        keysetAfter(key, rowKey, "text", query.after),
      ),
    )
    .orderBy(keysetOrder(key, rowKey))
    .limit(query.limit)
    .as("page");
}

/** One page of opportunities of the given reconciliations. Seats. */
export async function listOpportunityRows(
  tx: Tx,
  query: OpportunityQuery,
): Promise<readonly OpportunityRow[]> {
  if (query.reconciliationIds.length === 0) return [];
  const page = selectPage(tx, query);
  const key = sortKeyOf(page, query);
  const rowKey = rowKeyOf(page);
  const ofPerson = sql`${page.kind} <> 'unassigned'`;
  const rows = await tx
    .select({
      licenseId: page.licenseId,
      userNo: page.userNo,
      connectionId: licenses.connectionId,
      tenantName: sql<string>`coalesce(${connections.tenantName}, ${connections.name})`,
      source: licenses.source,
      productName: licenses.productName,
      skuId: licenses.skuId,
      kind: page.kind,
      confidence: page.confidence,
      since: page.since,
      caution: page.caution,
      units: page.units,
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
    .from(page)
    .innerJoin(
      reconciliations,
      and(
        eq(reconciliations.workspaceId, page.workspaceId),
        eq(reconciliations.id, page.reconciliationId),
      ),
    )
    .innerJoin(licensePositions, positionJoin(page))
    .innerJoin(licenses, licenseJoin(page))
    .innerJoin(
      connections,
      and(eq(connections.workspaceId, page.workspaceId), eq(connections.id, licenses.connectionId)),
    )
    .leftJoin(
      snapshotUsers,
      and(
        eq(snapshotUsers.workspaceId, page.workspaceId),
        eq(snapshotUsers.snapshotId, reconciliations.directorySnapshotId),
        eq(snapshotUsers.userNo, page.userNo),
        ofPerson,
      ),
    )
    .leftJoin(
      snapshotAssignments,
      and(
        eq(snapshotAssignments.workspaceId, page.workspaceId),
        eq(snapshotAssignments.snapshotId, reconciliations.directorySnapshotId),
        eq(snapshotAssignments.skuNo, licensePositions.skuNo),
        eq(snapshotAssignments.userNo, page.userNo),
        ofPerson,
      ),
    )
    .where(eq(page.workspaceId, query.workspaceId))
    .orderBy(keysetOrder(key, rowKey));
  return rows.map((row) => ({
    ...row,
    monthlyPrice: toMonthlyPrice(row),
    after: { key: row.sortText, id: row.keyText },
  }));
}
