import { setImmediate as nextTurn } from "node:timers/promises";
import type { AssignmentRow, HeldLicense } from "./licenses.ts";
import type { SeatHolder } from "./user.ts";

/** How one user came to hold one SKU (DESIGN §5 `assigned`). */
export type Origin = "direct" | "group" | "both" | "unknown";

/** Counts for one SKU over all users, in seats (distinct users). */
export type SkuTotals = {
  holders: number;
  direct: number;
  group: number;
  both: number;
  unknown: number;
  errors: number;
  blocked: number;
  guests: number;
};

/** Counts over a whole tenant. `skus` is keyed by lower-case skuId. */
export type Totals = {
  users: number;
  blocked: number;
  guests: number;
  licensed: number;
  skus: Map<string, SkuTotals>;
};

/** Origin of a held license from its rows that are not in state Error. */
export function originOf(license: HeldLicense): Origin {
  const working = license.rows.filter((row) => row.state !== "Error");
  const direct = working.some((row) => row.group === null);
  const group = working.some((row) => row.group !== null);
  if (direct && group) return "both";
  if (direct) return "direct";
  return group ? "group" : "unknown";
}

const emptyTotals = (): SkuTotals => ({
  holders: 0,
  direct: 0,
  group: 0,
  both: 0,
  unknown: 0,
  errors: 0,
  blocked: 0,
  guests: 0,
});

/** One pass over the users; keeps only the counts and gives way to other requests every 1 000 users. */
export async function totalsOf(users: Iterable<SeatHolder>): Promise<Totals> {
  const totals: Totals = { users: 0, blocked: 0, guests: 0, licensed: 0, skus: new Map() };
  for (const user of users) {
    addUser(totals, user);
    if (totals.users % 1000 === 0) await nextTurn();
  }
  return totals;
}

function addUser(totals: Totals, user: SeatHolder): void {
  totals.users += 1;
  if (!user.enabled) totals.blocked += 1;
  if (user.userType === "Guest") totals.guests += 1;
  if (user.licenses.length > 0) totals.licensed += 1;
  const inError = new Set<string>();
  for (const license of user.licenses) {
    const sku = totalsFor(totals, license.sku.skuId);
    sku.holders += 1;
    sku[originOf(license)] += 1;
    if (!user.enabled) sku.blocked += 1;
    if (user.userType === "Guest") sku.guests += 1;
    for (const row of license.rows) if (isFailing(row)) inError.add(row.sku.skuId);
  }
  for (const row of user.failedRows) if (isFailing(row)) inError.add(row.sku.skuId);
  for (const skuId of inError) totalsFor(totals, skuId).errors += 1;
}

function isFailing(row: AssignmentRow): boolean {
  return row.state === "Error" || row.state === "ActiveWithError";
}

function totalsFor(totals: Totals, skuId: string): SkuTotals {
  const existing = totals.skus.get(skuId);
  if (existing) return existing;
  const created = emptyTotals();
  totals.skus.set(skuId, created);
  return created;
}
