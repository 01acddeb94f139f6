/**
 * Why a quantity could not be read. The order is the order of precedence: the first that fits is told.
 * Source: DESIGN §5 "Unknown is not zero".
 */
export const unavailableReasons = [
  "not-offered-in-cloud",
  "not-licensed",
  "permission",
  "concealed",
  "stale",
  "not-per-user",
  "not-reported",
  "not-entered",
  "not-imported",
] as const;

export type UnavailableReason = (typeof unavailableReasons)[number];

/** A value that was read, or the reason why it was not. Unknown is never zero. */
export type Known<T> = { readonly kind: "known"; readonly value: T };
export type Unknown = { readonly kind: "unknown"; readonly reason: UnavailableReason };
export type Maybe<T> = Known<T> | Unknown;

/** A whole number of seats (or of accounts, where the field says so), or unknown with its reason. */
export type Quantity = Maybe<number>;

export const known = <T>(value: T): Known<T> => ({ kind: "known", value });
export const unknown = (reason: UnavailableReason): Unknown => ({ kind: "unknown", reason });

/** The value when it is known, else null: for the wire and for columns, never for arithmetic. */
export const valueOrNull = <T>(maybe: Maybe<T>): T | null =>
  maybe.kind === "known" ? maybe.value : null;

/** Combines two values; the first unknown one decides the reason. */
export const combineKnown = <A, B, U>(a: Maybe<A>, b: Maybe<B>, f: (a: A, b: B) => U): Maybe<U> =>
  a.kind === "unknown" ? a : b.kind === "unknown" ? b : known(f(a.value, b.value));

/** The reason that is told when several fit: the first in the order of `unavailableReasons`. Source: DESIGN §5. */
export const firstReason = (
  reasons: readonly [UnavailableReason, ...UnavailableReason[]],
): UnavailableReason => unavailableReasons.find((reason) => reasons.includes(reason)) ?? reasons[0];
