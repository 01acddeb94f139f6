import type { LicenseItem } from "#lib/domain/license-item";
import { type Money, type MonthlyPrice, multiplyMoney, normalAmount } from "#lib/domain/money";
import { reducibleUnits } from "#lib/domain/reclaim-money";
import { toAsOf } from "./reconciliation-reads.ts";

/** The columns of a position that make a price; all null = unpriced. */
export interface PriceColumns {
  readonly priceAmount: string | null;
  readonly priceCurrency: string | null;
  readonly priceSource: "list" | "entered" | null;
  readonly priceAsOf: string | null;
}

/** One seat for one month; null when the SKU has no price. */
export const toMonthlyPrice = (row: PriceColumns): MonthlyPrice | null =>
  row.priceAmount === null || row.priceCurrency === null || row.priceSource === null
    ? null
    : {
        amount: normalAmount(row.priceAmount),
        currency: row.priceCurrency,
        source: row.priceSource,
        asOf: row.priceAsOf,
      };

/** What an item has from its columns as they are. */
type PlainItem = Omit<
  LicenseItem,
  "asOf" | "monthlyPrice" | "exposure" | "reassignableNow" | "reducibleAtRenewal" | "decisionDate"
>;

/** The columns of `licenseColumns` as the database gives them. */
export interface LicenseItemColumns extends PlainItem, PriceColumns {
  readonly directIdleUnits: number;
  readonly decisionOn: string | null;
  readonly decisionSource: "purchase-term" | "microsoft-lifecycle" | null;
  readonly decisionUnits: number | null;
  readonly directoryAsOf: Date | null;
  readonly signInsAsOf: Date | null;
  readonly usageOn: string | null;
}

/** Monthly money at stake of one license: three figures that are never added together. DESIGN §5 Money. */
const moneyOf = (
  row: LicenseItemColumns,
  price: MonthlyPrice | null,
): Pick<LicenseItem, "exposure" | "reassignableNow" | "reducibleAtRenewal"> => {
  const times = (units: number | null): Money | null =>
    price === null || units === null ? null : multiplyMoney(price, units);
  const unassigned = row.unassignedUnits ?? 0;
  return {
    exposure: times(row.idleUnits + unassigned),
    reassignableNow: times(row.directIdleUnits + unassigned),
    reducibleAtRenewal: times(
      row.decisionOn === null
        ? null
        : reducibleUnits({
            idle: row.idleUnits,
            unassigned: row.unassignedUnits,
            deciding: row.decisionUnits,
          }),
    ),
  };
};

/** Maps a position's columns; unknown quantities stay null beside their reason. Seats and monthly money. */
export const toLicenseItem = (row: LicenseItemColumns): LicenseItem => {
  const price = toMonthlyPrice(row);
  return {
    id: row.id,
    connectionId: row.connectionId,
    tenantId: row.tenantId,
    tenantName: row.tenantName,
    source: row.source,
    skuId: row.skuId,
    partNumber: row.partNumber,
    productName: row.productName,
    type: row.type,
    status: row.status,
    retiredReason: row.retiredReason,
    compliance: row.compliance,
    flags: row.flags,
    enabled: row.enabled,
    expiring: row.expiring,
    suspended: row.suspended,
    lockedOut: row.lockedOut,
    entitled: row.entitled,
    reported: row.reported,
    consumed: row.consumed,
    difference: row.difference,
    trial: row.trial,
    available: row.available,
    shortfall: row.shortfall,
    purchased: row.purchased,
    contract: row.contract,
    assigned: row.assigned,
    activity: row.activity,
    blocked: row.blocked,
    guests: row.guests,
    unavailable: row.unavailable,
    asOf: toAsOf(row),
    evaluatedOn: row.evaluatedOn,
    monthlyPrice: price,
    idleUnits: row.idleUnits,
    lowConfidenceUnits: row.lowConfidenceUnits,
    unassignedUnits: row.unassignedUnits,
    ...moneyOf(row, price),
    decisionDate:
      row.decisionOn === null || row.decisionSource === null
        ? null
        : { date: row.decisionOn, source: row.decisionSource },
  };
};
