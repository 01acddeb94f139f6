import { type SQL, sql } from "drizzle-orm";

/**
 * What a seat counts in, as a sum of bits. The same for the worker that stores a page and for the database that counts
 * stored rows: a property test holds them together (read-sums). Source: DESIGN §5 `consumed`, `assigned`, `blocked`, `guests`.
 */
export const seatTrait = {
  holds: 1,
  direct: 2,
  byGroup: 4,
  inError: 8,
  blocked: 16,
  guest: 32,
} as const;

type Trait = keyof typeof seatTrait;

const names = Object.keys(seatTrait) as readonly Trait[]; // Safe: the keys of a constant.

/** Seats alike in everything that is counted, under `<SKU number>:<traits>`. */
export type SeatCounts = Readonly<Record<string, number>>;

export const seatKey = (skuNo: number, has: Readonly<Record<Trait, boolean>>): string =>
  `${skuNo}:${names.reduce((sum, name) => (has[name] ? sum + seatTrait[name] : sum), 0)}`;

/** The same of an assignment `a` of an account `u`, with the columns of their tables. */
export const seatKeyOf = (a: SQL, u: SQL): SQL => {
  const has: Readonly<Record<Trait, SQL>> = {
    holds: sql`${a}.holds`,
    direct: sql`${a}.direct`,
    byGroup: sql`(${a}.group_ids is not null)`,
    inError: sql`${a}.in_error`,
    blocked: sql`(${u}.account_enabled is false)`,
    guest: sql`(${u}.user_type is not distinct from 'Guest')`,
  };
  const bits = names.map((name) => sql`${has[name]}::int * ${sql.raw(String(seatTrait[name]))}`);
  return sql`(${a}.sku_no || ':' || (${sql.join(bits, sql` + `)}))`;
};

/** Some seats of one SKU that are alike. */
export interface AlikeSeats {
  readonly skuNo: number;
  readonly traits: number;
  readonly seats: number;
}

/** `counts` taken apart; what was given up again is left out. */
export const alikeSeats = (counts: SeatCounts): readonly AlikeSeats[] =>
  Object.entries(counts).flatMap(([key, seats]) => {
    const [skuNo = 0, traits = 0] = key.split(":").map(Number);
    return seats === 0 ? [] : [{ skuNo, traits, seats }];
  });

export const hasTraits = (traits: number, wanted: number): boolean => (traits & wanted) === wanted;

/** `counts` without those of `gone`. */
export const withoutSeats = (counts: SeatCounts, gone: SeatCounts): SeatCounts => {
  const left: Record<string, number> = { ...counts };
  for (const [key, seats] of Object.entries(gone)) left[key] = (left[key] ?? 0) - seats;
  return left;
};
