import { and, type Column, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import {
  licensePositions,
  licenses,
  opportunityGroups,
  reconciliations,
} from "#db/schema/licenses";
import { snapshotAssignments, snapshotUsers } from "#db/schema/snapshots";
import type { Source } from "#lib/domain/connection";
import type { MonthlyPrice } from "#lib/domain/money";
import type { Confidence, OpportunityKind } from "#lib/domain/opportunity";
import type { UnavailableReason } from "#lib/domain/quantity";
import { type Origin, originOf } from "./assignment-origin.ts";
import { type After, beyondIt, cursorValue, direction, type SortKey, sortValue } from "./keyset.ts";
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

/** Which groups of opportunities of which reconciliations. */
export const opportunityConditions = (
  workspaceId: string,
  reconciliationIds: readonly number[],
  filter: OpportunityFilter,
): SQL | undefined =>
  and(
    eq(opportunityGroups.workspaceId, workspaceId),
    inArray(reconciliations.id, [...reconciliationIds]),
    filter.licenseId === undefined ? undefined : eq(opportunityGroups.licenseId, filter.licenseId),
    filter.kind === undefined ? undefined : eq(opportunityGroups.kind, filter.kind),
    filter.confidence === undefined
      ? undefined
      : eq(opportunityGroups.confidence, filter.confidence),
  );

/** The reconciliations a group is of. */
export const reconciliationJoin = (): SQL | undefined =>
  and(
    eq(reconciliations.workspaceId, opportunityGroups.workspaceId),
    eq(reconciliations.opportunitiesOf, opportunityGroups.reconciliationId),
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

/** What a list is ordered by. All opportunities of a group have one price and one product, but each a day of its own. */
const sortKeyOf = (query: OpportunityQuery): SortKey => {
  const { kind, units } = opportunityGroups;
  const rowUnits = sql`(case when ${kind} = 'unassigned' then ${units} else 1 end)`;
  const expressions: Record<OpportunitySort, Omit<SortKey, "descending">> = {
    value: { expression: sql`${licensePositions.priceAmount} * ${rowUnits}`, type: "number" },
    since: { expression: sql`(seat.since - date '1970-01-01')`, type: "number" },
    product: { expression: sql`${licenses.productName}`, type: "text" },
  };
  return { ...expressions[query.sort], descending: query.descending };
};

const licenseOf = ({ id }: After): SQL => sql`${id.slice(0, 36)}::uuid`;
const userNoOf = ({ id }: After): SQL => sql`${Number(id.slice(36))}::integer`;

/**
 * The groups asked for, with their place in the order and how many opportunities stand ahead of their license there. How
 * many of the cursor's own license follow the cursor is not known here: they count as none. By day, groups have no place.
 */
function selectGroups(tx: Tx, query: OpportunityQuery) {
  const { workspaceId, reconciliationIds, filter, after } = query;
  const { kind, units, licenseId } = opportunityGroups;
  const byGroup = query.sort !== "since";
  const key = sortKeyOf(query);
  const place = sortValue(key);
  const to = direction(key);
  const begun = after === null ? sql`false` : sql`${licenseId} = ${licenseOf(after)}`;
  const rows = sql`case when ${begun} then 0 when ${kind} = 'unassigned' then 1 else ${units} end`;
  const ahead = sql`sum(${rows}) over (order by ${place} ${to}, ${licenseId} ${to})
    - sum(${rows}) over (partition by ${place}, ${licenseId})`;
  return tx
    .select({
      workspaceId: opportunityGroups.workspaceId,
      reconciliationId: sql<number>`${reconciliations.id}`.as("current_id"),
      licenseId,
      kind,
      confidence: opportunityGroups.confidence,
      caution: opportunityGroups.caution,
      units,
      userNos: opportunityGroups.userNos,
      sinces: opportunityGroups.sinces,
      place: (byGroup ? place : sql`null`).as("group_place"),
      ahead: (byGroup ? ahead : sql`0`).as("ahead"),
    })
    .from(opportunityGroups)
    .innerJoin(reconciliations, reconciliationJoin())
    .innerJoin(licensePositions, positionJoin(opportunityGroups))
    .innerJoin(licenses, licenseJoin(opportunityGroups))
    .where(
      and(
        opportunityConditions(workspaceId, reconciliationIds, filter),
        after === null || !byGroup
          ? undefined
          : sql`(${place}, ${licenseId}) ${beyondIt(key)}= (${cursorValue(key, after)}, ${licenseOf(after)})`,
      ),
    )
    .as("groups");
}

/**
 * The page's opportunities alone: licenses, people and texts are looked up for these only. Of the groups, which are few,
 * only those are taken apart that the page can reach.
 */
function selectPage(tx: Tx, query: OpportunityQuery) {
  const { after, limit } = query;
  const groups = selectGroups(tx, query);
  const key = sortKeyOf(query);
  const place = query.sort === "since" ? sortValue(key) : sql`${groups.place}`;
  const userNo = sql<number>`coalesce(seat.user_no, 0)`;
  const to = direction(key);
  return tx
    .select({
      workspaceId: groups.workspaceId,
      reconciliationId: groups.reconciliationId,
      licenseId: groups.licenseId,
      userNo: userNo.as("seat_no"),
      kind: groups.kind,
      confidence: groups.confidence,
      since: sql<string | null>`seat.since`.as("seat_since"),
      caution: groups.caution,
      units:
        sql<number>`case when ${groups.kind} = 'unassigned' then ${groups.units} else 1 end`.as(
          "seat_units",
        ),
      place: place.as("place"),
    })
    .from(groups)
    .leftJoinLateral(
      sql`unnest(${groups.userNos}, ${groups.sinces}) as seat (user_no, since)`,
      sql`true`,
    )
    .where(
      and(
        lt(groups.ahead, limit),
        after === null
          ? undefined
          : sql`(${place}, ${groups.licenseId}, ${userNo}) ${beyondIt(key)}
              (${cursorValue(key, after)}, ${licenseOf(after)}, ${userNoOf(after)})`,
      ),
    )
    .orderBy(sql`${place} ${to}, ${groups.licenseId} ${to}, ${userNo} ${to}`)
    .limit(limit)
    .as("page");
}

/** One page of opportunities of the given reconciliations. Seats. */
export async function listOpportunityRows(
  tx: Tx,
  query: OpportunityQuery,
): Promise<readonly OpportunityRow[]> {
  if (query.reconciliationIds.length === 0) return [];
  const page = selectPage(tx, query);
  const to = direction(query);
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
      // Named, or the order would take the text for the place.
      sortText: sql<string>`${page.place}::text`.as("place_text"),
      keyText: sql<string>`${page.licenseId}::text || lpad(${page.userNo}::text, 10, '0')`,
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
    .orderBy(sql`${page.place} ${to}, ${page.licenseId} ${to}, ${page.userNo} ${to}`);
  return rows.map((row) => ({
    ...row,
    monthlyPrice: toMonthlyPrice(row),
    after: { key: row.sortText, id: row.keyText },
  }));
}
