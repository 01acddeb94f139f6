import { type ChangeKind, changeSubject, seatEffect } from "./change.ts";
import type { ChangeCount, ChangeSummary } from "./change-models.ts";
import type { FormatSeats } from "./license-sentence.ts";

/** A kind of change in words: as a state of one row, and as the heading of counts. */
export interface ChangeLabel {
  readonly label: string;
  readonly heading: string;
  readonly meaning: string;
}

export const changeLabels: Readonly<Record<ChangeKind, ChangeLabel>> = {
  "sku-gone": {
    label: "Product gone",
    heading: "Product gone",
    meaning: "The product is no longer listed.",
  },
  "sku-new": {
    label: "New product",
    heading: "New product",
    meaning: "The product is listed for the first time, or again.",
  },
  "units-enabled": {
    label: "Enabled units",
    heading: "Enabled units",
    meaning: "Units that are paid and in force.",
  },
  "units-expiring": {
    label: "Units in grace",
    heading: "Units in grace",
    meaning: "Units that have expired and still work for a while.",
  },
  "units-suspended": {
    label: "Suspended units",
    heading: "Suspended units",
    meaning: "Units that no longer work.",
  },
  "account-deleted": {
    label: "Freed, account deleted",
    heading: "Seats freed, account deleted",
    meaning: "A seat that came free because its account was deleted.",
  },
  "seat-lost": {
    label: "Seat lost",
    heading: "Seats lost",
    meaning: "A seat taken from an account that is still there.",
  },
  "account-blocked": {
    label: "Account blocked",
    heading: "Accounts blocked",
    meaning: "The account keeps the seat and can no longer sign in.",
  },
  "account-unblocked": {
    label: "Account unblocked",
    heading: "Accounts unblocked",
    meaning: "The account that has the seat can sign in again.",
  },
  "account-created": {
    label: "Gained, new account",
    heading: "Seats gained, new account",
    meaning: "A seat of an account that was not there before.",
  },
  "seat-gained": {
    label: "Seat gained",
    heading: "Seats gained",
    meaning: "A seat given to an account that was there before.",
  },
  "account-unread": {
    label: "Account not read",
    heading: "Accounts not read",
    meaning:
      "The account is missing from a list in which rows could not be understood. Whether it still has the seat is not known; it is not counted.",
  },
  "account-read-again": {
    label: "Account read again",
    heading: "Accounts read again",
    meaning:
      "A seat of an account that could not be read in the import before. It is counted again.",
  },
};

/** Seats and products of all changes of a summary taken together. */
export interface ChangeTotals {
  readonly gained: number;
  readonly lost: number;
  /** Seats that are not counted because their accounts could not be read; neither lost nor free. */
  readonly unread: number;
  /** Seats of such accounts that are counted again. */
  readonly readAgain: number;
  /** Of the lost ones, those whose account was deleted. */
  readonly withAccount: number;
  readonly blocked: number;
  readonly unblocked: number;
  readonly newProducts: number;
  readonly goneProducts: number;
  /** Products whose units moved. */
  readonly unitProducts: number;
}

export const changeTotals = (counts: readonly ChangeCount[]): ChangeTotals => {
  const sum = (fits: (kind: ChangeKind) => boolean): number =>
    counts.filter(({ kind }) => fits(kind)).reduce((all, { count }) => all + count, 0);
  const units = counts.filter(({ kind }) => changeSubject(kind) === "units");
  return {
    gained: sum((kind) => seatEffect(kind) === 1 && kind !== "account-read-again"),
    lost: sum((kind) => seatEffect(kind) === -1 && kind !== "account-unread"),
    unread: sum((kind) => kind === "account-unread"),
    readAgain: sum((kind) => kind === "account-read-again"),
    withAccount: sum((kind) => kind === "account-deleted"),
    blocked: sum((kind) => kind === "account-blocked"),
    unblocked: sum((kind) => kind === "account-unblocked"),
    newProducts: sum((kind) => kind === "sku-new"),
    goneProducts: sum((kind) => kind === "sku-gone"),
    unitProducts: new Set(units.map(({ skuId }) => skuId)).size,
  };
};

const counted = (count: number, one: string, many: string, format: FormatSeats): string =>
  `${format(count)} ${count === 1 ? one : many}`;

const seatsPart = (totals: ChangeTotals, format: FormatSeats): string | null => {
  const { gained, lost, withAccount } = totals;
  const gains = gained === 0 ? null : `${counted(gained, "seat", "seats", format)} gained`;
  if (lost === 0) return gains;
  const losses = `${gains === null ? counted(lost, "seat", "seats", format) : format(lost)} lost`;
  const of = withAccount === lost ? "all" : `${format(withAccount)} of them`;
  const why = withAccount === 0 ? "" : `, ${of} because the account was deleted`;
  return `${gains === null ? "" : `${gains} and `}${losses}${why}`;
};

const unreadPart = ({ unread, readAgain }: ChangeTotals, format: FormatSeats): string | null => {
  const parts = [
    unread === 0
      ? null
      : `${counted(unread, "seat", "seats", format)} not counted because the account could not be read`,
    readAgain === 0
      ? null
      : `${counted(readAgain, "seat", "seats", format)} counted again because the account could be read again`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
};

const blockedPart = ({ blocked, unblocked }: ChangeTotals, format: FormatSeats): string | null => {
  if (blocked === 0 && unblocked === 0) return null;
  const parts = [
    blocked === 0 ? null : `${counted(blocked, "seat", "seats", format)} on accounts now blocked`,
    unblocked === 0
      ? null
      : `${counted(unblocked, "seat", "seats", format)} on accounts no longer blocked`,
  ];
  return parts.filter((part) => part !== null).join(", ");
};

/**
 * What a publish changed, in one sentence; of a first one its totals. Seats, counted per license. A source that tells no
 * units says nothing of them: what people may use follows from its terms.
 */
export const changeSentence = (
  { first, counts }: Pick<ChangeSummary, "first" | "counts">,
  format: FormatSeats,
  tellsUnits = true,
): string => {
  const totals = changeTotals(counts);
  if (first) {
    const seats = counted(totals.gained, "seat", "seats", format);
    const products = counted(totals.newProducts, "product", "products", format);
    return `The first import of this tenant: ${seats} of ${products}. Later imports say here what they changed.`;
  }
  const products = [
    totals.newProducts === 0
      ? null
      : counted(totals.newProducts, "new product", "new products", format),
    totals.goneProducts === 0
      ? null
      : `${counted(totals.goneProducts, "product", "products", format)} gone`,
    totals.unitProducts === 0
      ? null
      : `other units in ${counted(totals.unitProducts, "product", "products", format)}`,
  ].filter((part) => part !== null);
  const parts = [
    seatsPart(totals, format),
    unreadPart(totals, format),
    blockedPart(totals, format),
    products.length === 0 ? null : products.join(", "),
  ].filter((part) => part !== null);
  if (parts.length === 0) {
    return tellsUnits
      ? "No seat, no product and no number of units changed; only other details did, such as names."
      : "No seat and no product changed; only other details did, such as names or terms.";
  }
  const text = parts.join("; ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
};

/** Units before and after: `10 → 12`; a side that was not reported or not listed says so. */
export const unitsChange = (
  change: {
    readonly kind: ChangeKind;
    readonly before: number | null;
    readonly after: number | null;
  },
  format: FormatSeats,
): string => {
  const told = (units: number | null): string => (units === null ? "not reported" : format(units));
  const enabled = (units: number | null): string =>
    units === null ? "units not reported" : `${format(units)} enabled`;
  switch (change.kind) {
    case "sku-gone":
      return `${enabled(change.before)} before`;
    case "sku-new":
      return enabled(change.after);
    default:
      return `${told(change.before)} → ${told(change.after)}`;
  }
};
