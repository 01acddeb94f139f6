import { hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { originOf } from "../seed/totals.ts";
import type { Tenant } from "./tenant.ts";

/**
 * Digests are sums of row hashes: the same for the same rows in any order, so neither side has to sort or keep them. Each
 * row counts with the first 48 bits of the MD5 of its text; in SQL:
 * `sum(('x' || left(md5(user_id::text), 12))::bit(48)::bigint)::text`.
 */

/** Digests of one SKU's held seats: of `<user id>`, and of `<user id> <origin>` (DESIGN §5 `assigned`). */
export type SkuDigest = { skuId: string; rows: number; holders: string; origins: string };

/** Digests of a tenant's truth: counted users (text `<user id>`, and `<user id> <user principal name>`) and seats per SKU. */
export type TruthDigests = {
  users: { rows: number; ids: string; names: string };
  skus: SkuDigest[];
};

/** Two halves of 24 bits each: a million rows stay exact in a number. */
type Sum = { high: number; low: number };

function add(sum: Sum, text: string): void {
  const digest = hash("md5", text);
  sum.high += Number.parseInt(digest.slice(0, 6), 16);
  sum.low += Number.parseInt(digest.slice(6, 12), 16);
}

function written({ high, low }: Sum): string {
  return (BigInt(high) * 0x1000000n + BigInt(low)).toString();
}

const emptySum = (): Sum => ({ high: 0, low: 0 });

/** One pass over the consumers; GUIDs in lower case, SKUs in the order of their ids. */
export async function truthDigests(tenant: Tenant): Promise<TruthDigests> {
  const users = { rows: 0, ids: emptySum(), names: emptySum() };
  const skus = new Map<string, { rows: number; holders: Sum; origins: Sum }>();
  for (const user of tenant.consumers()) {
    users.rows += 1;
    add(users.ids, user.id);
    add(users.names, `${user.id} ${user.userPrincipalName}`);
    for (const license of user.licenses) {
      const { skuId } = license.sku;
      const sums = skus.get(skuId) ?? { rows: 0, holders: emptySum(), origins: emptySum() };
      sums.rows += 1;
      add(sums.holders, user.id);
      add(sums.origins, `${user.id} ${originOf(license)}`);
      skus.set(skuId, sums);
    }
    if (users.rows % 1000 === 0) await nextTurn();
  }
  return {
    users: { rows: users.rows, ids: written(users.ids), names: written(users.names) },
    skus: [...skus]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([skuId, { rows, holders, origins }]) => ({
        skuId,
        rows,
        holders: written(holders),
        origins: written(origins),
      })),
  };
}
