/**
 * What a publish changed, kind by kind, in the order people read it. The tables store a kind as its position here, from
 * 0: new kinds come last. A pair of account and SKU is in at most one of the seat kinds of a set.
 */
export const changeKinds = [
  /** The SKU is no longer listed by Microsoft. */
  "sku-gone",
  /** The SKU is listed for the first time, or again. */
  "sku-new",
  "units-enabled",
  "units-expiring",
  "units-suspended",
  /** A seat that came free because its account is gone. */
  "account-deleted",
  /** A seat taken from an account that is still there. */
  "seat-lost",
  /** Sign-in of a holder, before and after, is now blocked. */
  "account-blocked",
  "account-unblocked",
  /** A seat of an account that was not there before. */
  "account-created",
  "seat-gained",
  /** A seat of an account that is missing from a list some of whose rows could not be understood; not known as deleted. */
  "account-unread",
  /** A seat of an account that was there before and was missing from such a list in between. */
  "account-read-again",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Position of a kind in the tables. */
export const changeNumber = (kind: ChangeKind): number => changeKinds.indexOf(kind);

/** The kind at a position of the tables. @throws for a position no version wrote. */
export function changeKindAt(position: number): ChangeKind {
  const kind = changeKinds[position];
  if (kind === undefined) throw new Error(`There is no kind of change ${position}.`);
  return kind;
}

/** What a kind is about: a person's seat, the units of a SKU, or the SKU itself. */
export type ChangeSubject = "seat" | "units" | "sku";

export const changeSubject = (kind: ChangeKind): ChangeSubject => {
  switch (kind) {
    case "sku-gone":
    case "sku-new":
      return "sku";
    case "units-enabled":
    case "units-expiring":
    case "units-suspended":
      return "units";
    case "account-deleted":
    case "seat-lost":
    case "account-blocked":
    case "account-unblocked":
    case "account-created":
    case "seat-gained":
    case "account-unread":
    case "account-read-again":
      return "seat";
    default:
      return kind satisfies never;
  }
};

/** Seats a change of this kind adds to the license's count (+1), takes from it (-1) or leaves in it (0). */
export const seatEffect = (kind: ChangeKind): -1 | 0 | 1 => {
  switch (kind) {
    case "account-deleted":
    case "seat-lost":
    case "account-unread":
      return -1;
    case "account-created":
    case "seat-gained":
    case "account-read-again":
      return 1;
    case "sku-gone":
    case "sku-new":
    case "units-enabled":
    case "units-expiring":
    case "units-suspended":
    case "account-blocked":
    case "account-unblocked":
      return 0;
    default:
      return kind satisfies never;
  }
};

/** Licensed accounts and seats of a department before and after; null = no department set. */
export interface DepartmentChange {
  readonly department: string | null;
  readonly accountsBefore: number;
  readonly accountsAfter: number;
  readonly seatsBefore: number;
  readonly seatsAfter: number;
}

/** How long change records are kept. Days. */
export const changesKeptDays = 400;
