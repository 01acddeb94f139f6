import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { testTenant } from "../testing/harness.ts";
import { truthAssignments, truthUsers } from "./truth.ts";
import type { TruthDigests } from "./truth-digests.ts";

/** The SQL of the README, over rows. */
const sumOf = (texts: readonly string[]): string =>
  texts.reduce((sum, text) => sum + BigInt(`0x${hash("md5", text).slice(0, 12)}`), 0n).toString();

describe("truthDigests", () => {
  it("equals the sums of the truth's rows, in any order", async () => {
    const { control, spec, tenant } = await testTenant({ size: 400, profile: "acquired" });
    const answer = await control("GET", `/tenants/${spec.id}/truth/digests`);
    const digests = (await answer.json()) as TruthDigests;
    const users = [...truthUsers(tenant)].reverse();
    expect(digests.users).toEqual({
      rows: 400,
      ids: sumOf(users.map((row) => String(row.userId))),
      names: sumOf(users.map((row) => `${row.userId} ${row.userPrincipalName}`)),
    });
    const held = [...truthAssignments(tenant)].filter((row) => row.held).reverse();
    const skuIds = [...new Set(held.map((row) => String(row.skuId)))].sort();
    expect(digests.skus).toEqual(
      skuIds.map((skuId) => {
        const rows = held.filter((row) => row.skuId === skuId);
        return {
          skuId,
          rows: rows.length,
          holders: sumOf(rows.map((row) => String(row.userId))),
          origins: sumOf(rows.map((row) => `${row.userId} ${row.origin}`)),
        };
      }),
    );
  });

  it("tells two tenants apart that differ in one user", async () => {
    const { control, spec, faults } = await testTenant({ size: 400 });
    const read = async () =>
      (await (await control("GET", `/tenants/${spec.id}/truth/digests`)).json()) as TruthDigests;
    const before = await read();
    faults({ kind: "vanishing-user" });
    const after = await read();
    expect([before.users.rows, after.users.rows]).toEqual([400, 399]);
    expect(after.users.ids).not.toBe(before.users.ids);
  });
});
