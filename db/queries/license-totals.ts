import { and, eq, gte, inArray, isNotNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { licenseHistory, licensePositions, licenses, reconciliations } from "#db/schema/licenses";
import type { UtcDay } from "#lib/domain/license";
import { type Money, normalAmount } from "#lib/domain/money";
import type { LicenseTotals, Overview } from "#lib/domain/overview";
import { joinPosition, type LicenseFilter, licenseConditions } from "./licenses.ts";

/** Which positions a figure is taken over. */
export interface PositionScope {
  readonly workspaceId: string;
  readonly reconciliationIds: readonly number[];
  readonly filter?: LicenseFilter;
}

const noTotals: LicenseTotals = {
  active: 0,
  retired: 0,
  byCompliance: { compliant: 0, "at-risk": 0, unknown: 0, "not-applicable": 0 },
  shortfall: 0,
  surplus: 0,
  unknownAvailability: 0,
  exposure: [],
  idleUnits: 0,
  unpricedIdleUnits: 0,
  unknownUse: 0,
};

const idle = sql`(${licensePositions.idleUnits} + coalesce(${licensePositions.unassignedUnits}, 0))`;
const active = sql`${licensePositions.status} = 'active'`;
/** Free pools and capacity give no seats: their units say nothing. DESIGN §5 Compliance. */
const seated = sql`(${active} and ${licensePositions.compliance} <> 'not-applicable')`;
const count = (condition: ReturnType<typeof sql>) =>
  sql<number>`(count(*) filter (where ${condition}))::int`;
const sumOf = (value: ReturnType<typeof sql>, condition: ReturnType<typeof sql>) =>
  sql<number>`coalesce(sum(${value}) filter (where ${condition}), 0)::float8`;

const totalColumns = {
  active: count(active),
  retired: count(sql`${licensePositions.status} = 'retired'`),
  compliant: count(sql`${active} and ${licensePositions.compliance} = 'compliant'`),
  atRisk: count(sql`${active} and ${licensePositions.compliance} = 'at-risk'`),
  unknown: count(sql`${active} and ${licensePositions.compliance} = 'unknown'`),
  notApplicable: count(sql`${active} and ${licensePositions.compliance} = 'not-applicable'`),
  shortfall: sumOf(sql`${licensePositions.shortfall}`, seated),
  surplus: sumOf(sql`greatest(${licensePositions.available}, 0)`, seated),
  unknownAvailability: count(sql`${seated} and ${licensePositions.available} is null`),
  idleUnits: sumOf(idle, active),
  unpricedIdleUnits: sumOf(idle, sql`${active} and ${licensePositions.priceAmount} is null`),
  unknownUse: count(sql`${seated} and ${licensePositions.activity} is null
    and ${licensePositions.consumed} is distinct from 0`),
};

/**
 * Totals over Active licenses; shortfall and surplus side by side, never netted, without free pools. `idleUnits` are the seats behind the
 * exposure, unassigned ones included. Source: DESIGN §5 "Totals never net", fault-catalogue E5, E12.
 */
export async function licenseTotals(tx: Tx, scope: PositionScope): Promise<LicenseTotals> {
  if (scope.reconciliationIds.length === 0) return noTotals;
  const where = licenseConditions(scope.workspaceId, scope.reconciliationIds, scope.filter ?? {});
  const [row] = await tx
    .select(totalColumns)
    .from(licensePositions)
    .innerJoin(licenses, joinPosition.license)
    .innerJoin(reconciliations, joinPosition.reconciliation)
    .innerJoin(connections, joinPosition.connection)
    .where(where);
  if (row === undefined) return noTotals;
  const { compliant, atRisk, unknown, notApplicable, ...totals } = row;
  return {
    ...totals,
    byCompliance: { compliant, "at-risk": atRisk, unknown, "not-applicable": notApplicable },
    exposure: await exposureByCurrency(tx, scope),
  };
}

/** Monthly price × reclaimable seats, exact, one sum per currency. */
async function exposureByCurrency(tx: Tx, scope: PositionScope): Promise<readonly Money[]> {
  const rows = await tx
    .select({
      currency: sql<string>`${licensePositions.priceCurrency}`,
      amount: sql<string>`sum(${licensePositions.priceAmount} * ${idle})::numeric(30, 4)::text`,
    })
    .from(licensePositions)
    .innerJoin(licenses, joinPosition.license)
    .innerJoin(reconciliations, joinPosition.reconciliation)
    .innerJoin(connections, joinPosition.connection)
    .where(
      and(
        licenseConditions(scope.workspaceId, scope.reconciliationIds, scope.filter ?? {}),
        sql`${active} and ${idle} > 0`,
        isNotNull(licensePositions.priceAmount),
      ),
    )
    .groupBy(licensePositions.priceCurrency)
    .orderBy(licensePositions.priceCurrency);
  return rows.map((row) => ({ amount: normalAmount(row.amount), currency: row.currency }));
}

/** Active licenses whose count could be compared with Microsoft's, and those beyond tolerance. DESIGN §5 Flags. */
export async function trustFigures(tx: Tx, scope: PositionScope): Promise<Overview["trust"]> {
  if (scope.reconciliationIds.length === 0) return { compared: 0, differing: 0 };
  const [row] = await tx
    .select({
      compared: count(sql`${active} and ${licensePositions.difference} is not null`),
      differing: count(sql`${active} and 'difference' = any(${licensePositions.flags})`),
    })
    .from(licensePositions)
    .where(
      and(
        eq(licensePositions.workspaceId, scope.workspaceId),
        inArray(licensePositions.reconciliationId, [...scope.reconciliationIds]),
      ),
    );
  return row ?? { compared: 0, differing: 0 };
}

/** Which license has the earliest decision from `from` on. Units are the paid units that reach it. */
export async function nextDecision(
  tx: Tx,
  scope: PositionScope & { readonly from: UtcDay },
): Promise<Overview["nextDecision"]> {
  if (scope.reconciliationIds.length === 0) return null;
  const [row] = await tx
    .select({
      date: licensePositions.decisionOn,
      source: licensePositions.decisionSource,
      licenseId: licenses.id,
      productName: licenses.productName,
      tenantName: sql<string>`coalesce(${connections.tenantName}, ${connections.name})`,
      units: licensePositions.decisionUnits,
    })
    .from(licensePositions)
    .innerJoin(licenses, joinPosition.license)
    .innerJoin(connections, joinPosition.connection)
    .where(
      and(
        eq(licensePositions.workspaceId, scope.workspaceId),
        inArray(licensePositions.reconciliationId, [...scope.reconciliationIds]),
        eq(licensePositions.status, "active"),
        gte(licensePositions.decisionOn, scope.from),
      ),
    )
    .orderBy(licensePositions.decisionOn, sql`${licensePositions.decisionUnits} desc nulls last`)
    .limit(1);
  if (row?.date == null || row.source === null) return null;
  return { ...row, date: row.date, source: row.source };
}

/**
 * Entitled, consumed and active seats per day over Active per-user licenses, oldest first. A day's figure is null as
 * soon as one of its licenses lacks it: a partial sum would read as fewer seats. Seats.
 */
export async function historyTrend(
  tx: Tx,
  scope: PositionScope & { readonly from: UtcDay },
): Promise<Overview["trend"]> {
  if (scope.reconciliationIds.length === 0) return [];
  const perUser = sql`${licenseHistory.compliance} <> 'not-applicable'`;
  const sum = (column: ReturnType<typeof sql>) =>
    sql<number | null>`case when bool_or(${column} is null) filter (where ${perUser}) then null
      else (sum(${column}) filter (where ${perUser}))::float8 end`;
  return tx
    .select({
      day: licenseHistory.day,
      entitled: sum(sql`${licenseHistory.entitled}`),
      consumed: sum(sql`${licenseHistory.consumed}`),
      active: sum(sql`${licenseHistory.active}`),
    })
    .from(licenseHistory)
    .innerJoin(
      licensePositions,
      and(
        eq(licensePositions.workspaceId, licenseHistory.workspaceId),
        eq(licensePositions.licenseId, licenseHistory.licenseId),
      ),
    )
    .where(
      and(
        eq(licenseHistory.workspaceId, scope.workspaceId),
        inArray(licensePositions.reconciliationId, [...scope.reconciliationIds]),
        gte(licenseHistory.day, scope.from),
      ),
    )
    .groupBy(licenseHistory.day)
    .orderBy(licenseHistory.day);
}
