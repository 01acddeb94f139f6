import { and, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { licensePositions, opportunityGroups, reconciliations } from "#db/schema/licenses";
import { type Money, type MonthlyPrice, normalAmount } from "#lib/domain/money";
import type { OpportunityKind } from "#lib/domain/opportunity";
import { toMonthlyPrice } from "./license-item.ts";
import {
  type OpportunityFilter,
  opportunityConditions,
  positionJoin,
  reconciliationJoin,
} from "./opportunities.ts";

/** Units of one kind and currency; `units` without confidence `low`. Seats; amount per month. */
export interface OpportunitySum {
  readonly kind: OpportunityKind;
  readonly currency: string | null;
  readonly units: number;
  readonly lowConfidenceUnits: number;
  readonly exposure: Money | null;
}

/** Sums by kind and currency, exact. Source: DESIGN §5 Money. */
export async function sumOpportunities(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly reconciliationIds: readonly number[];
    readonly filter: OpportunityFilter;
  },
): Promise<readonly OpportunitySum[]> {
  if (query.reconciliationIds.length === 0) return [];
  const certain = sql`${opportunityGroups.confidence} <> 'low'`;
  const rows = await tx
    .select({
      kind: opportunityGroups.kind,
      currency: licensePositions.priceCurrency,
      units: sql<number>`coalesce(sum(${opportunityGroups.units}) filter (where ${certain}), 0)::float8`,
      lowConfidenceUnits: sql<number>`coalesce(sum(${opportunityGroups.units}) filter (where not ${certain}), 0)::float8`,
      amount: sql<
        string | null
      >`(sum(${licensePositions.priceAmount} * ${opportunityGroups.units}) filter (where ${certain}))::numeric(30, 4)::text`,
    })
    .from(opportunityGroups)
    .innerJoin(reconciliations, reconciliationJoin())
    .innerJoin(licensePositions, positionJoin(opportunityGroups))
    .where(opportunityConditions(query.workspaceId, query.reconciliationIds, query.filter))
    .groupBy(opportunityGroups.kind, licensePositions.priceCurrency)
    .orderBy(opportunityGroups.kind, licensePositions.priceCurrency);
  return rows.map(({ amount, ...row }) => ({
    ...row,
    exposure:
      row.currency === null || amount === null
        ? null
        : { amount: normalAmount(amount), currency: row.currency },
  }));
}

/** What the money figures of a summary are made of, per license. Seats. */
export interface ReclaimRow {
  readonly price: MonthlyPrice | null;
  readonly idle: number;
  readonly directIdle: number;
  readonly unassigned: number | null;
  readonly deciding: number | null;
  readonly leftOut: Readonly<Record<string, number>>;
}

/** The reclaimable units of every Active license of the reconciliations. */
export async function listReclaimRows(
  tx: Tx,
  query: {
    readonly workspaceId: string;
    readonly reconciliationIds: readonly number[];
    readonly licenseId?: string | undefined;
  },
): Promise<readonly ReclaimRow[]> {
  if (query.reconciliationIds.length === 0) return [];
  const rows = await tx
    .select({
      priceAmount: licensePositions.priceAmount,
      priceCurrency: licensePositions.priceCurrency,
      priceSource: licensePositions.priceSource,
      priceAsOf: licensePositions.priceAsOf,
      idle: licensePositions.idleUnits,
      directIdle: licensePositions.directIdleUnits,
      unassigned: licensePositions.unassignedUnits,
      decisionOn: licensePositions.decisionOn,
      decisionUnits: licensePositions.decisionUnits,
      leftOut: licensePositions.leftOut,
    })
    .from(licensePositions)
    .where(
      and(
        eq(licensePositions.workspaceId, query.workspaceId),
        inArray(licensePositions.reconciliationId, [...query.reconciliationIds]),
        eq(licensePositions.status, "active"),
        query.licenseId === undefined ? undefined : eq(licensePositions.licenseId, query.licenseId),
      ),
    );
  return rows.map((row) => ({
    price: toMonthlyPrice(row),
    idle: row.idle,
    directIdle: row.directIdle,
    unassigned: row.unassigned,
    deciding: row.decisionOn === null ? null : row.decisionUnits,
    leftOut: row.leftOut,
  }));
}
