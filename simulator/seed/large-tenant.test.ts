import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { userProperties } from "../graph/user-properties.ts";
import { rowsOf, testTenant } from "../testing/harness.ts";
import { seatHolderAt, userAt } from "./user.ts";

const USERS = `/v1.0/users?$select=${Object.keys(userProperties)
  .filter((name) => name !== "signInActivity")
  .join(",")}&$top=999`;

/** Live bytes of the heap: what is left after a full collection. */
function liveHeap(): number {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  return process.memoryUsage().heapUsed;
}

describe("a large tenant", { timeout: 60_000 }, () => {
  it("is paged to its end without its users staying in memory (100 000 users)", async () => {
    const { graph } = await testTenant({ size: 100_000, skus: 300 });
    const live: number[] = [];
    let users = 0;
    let page = 0;
    let link: string | undefined = "/v1.0/users?$select=id,displayName,assignedLicenses&$top=999";
    for (; link !== undefined; page += 1) {
      const { json } = await graph(link);
      users += rowsOf(json).length;
      link = json?.["@odata.nextLink"] as string | undefined;
      if (page === 4 || page === 95) live.push(liveHeap());
    }
    expect([users, page]).toEqual([100_000, 101]);
    // The users of the 91 pages between would take more than 100 MB.
    expect((live[1] ?? 0) - (live[0] ?? 0)).toBeLessThan(5 * 2 ** 20);
  });

  it("gives equal bytes for equal seeds, page by page and in the reports", async () => {
    const bytes = async () => {
      const { graph, report } = await testTenant({ size: 3000, skus: 120, profile: "acquired" });
      const texts: string[] = [];
      for (let link: string | undefined = USERS; link !== undefined; ) {
        const { text, json } = await graph(link);
        // Page tokens are sealed with a key of the process.
        texts.push(text.replace(/"@odata.nextLink":"[^"]*"/, ""));
        link = json?.["@odata.nextLink"] as string | undefined;
      }
      texts.push((await graph("/v1.0/subscribedSkus")).text);
      texts.push((await report("getMailboxUsageDetail(period='D7')")).join("\n"));
      return texts;
    };
    const [first, second] = [await bytes(), await bytes()];
    expect(first).toHaveLength(6);
    expect(second).toEqual(first);
  });

  it("lists as many SKUs as asked for, and gives as many licenses per user", async () => {
    const { graph, tenant } = await testTenant({ size: 20_000, skus: 300, licensesPerUser: 2.5 });
    const skus = rowsOf((await graph("/v1.0/subscribedSkus")).json);
    expect(new Set(skus.map((sku) => sku.skuId)).size).toBe(300);
    expect(new Set(skus.map((sku) => sku.skuPartNumber)).size).toBe(300);
    const { skus: totals } = await tenant.totals();
    const held = [...totals.values()].reduce((sum, sku) => sum + sku.holders, 0);
    expect(held / 20_000).toBeGreaterThan(2.4);
    expect(held / 20_000).toBeLessThan(2.6);
    expect([...totals.values()].filter((sku) => sku.group > 0).length).toBeGreaterThan(50);
    for (const user of tenant.users(19_000))
      expect(new Set(user.licenses.map(({ sku }) => sku)).size).toBe(user.licenses.length);
  });

  it("reaches 40 licenses per user", async () => {
    const { tenant } = await testTenant({ size: 3000, skus: 300, licensesPerUser: 40 });
    const held = [...(await tenant.totals()).skus.values()].reduce((n, sku) => n + sku.holders, 0);
    expect(held / 3000).toBeGreaterThan(37);
    expect(held / 3000).toBeLessThan(43);
  });

  it("counts seats from the same licenses a user has", async () => {
    const { tenant } = await testTenant({ size: 2000, skus: 60, profile: "acquired" });
    const seed = tenant.seed();
    for (let i = 0; i < 2000; i += 1) {
      const { enabled, userType, licenses, failedRows } = userAt(seed, i);
      expect(seatHolderAt(seed, i)).toEqual({ enabled, userType, licenses, failedRows });
    }
  });

  it("repeats no id", async () => {
    const { tenant } = await testTenant({ size: 1_000_000 });
    const seed = tenant.seed();
    const seen = new Set<bigint>();
    // Every 16th account of a million: enough to meet a short period of the hash.
    for (let i = 0; i < 1_000_000; i += 16)
      seen.add(BigInt(`0x${userAt(seed, i).id.replace(/-/g, "")}`));
    expect(seen.size).toBe(62_500);
  });
});
