import { describe, expect, it } from "vitest";
import { testTenant } from "../testing/harness.ts";
import { selectRow } from "./select.ts";
import { userWriter } from "./user-json.ts";
import { userProperties } from "./user-properties.ts";

describe("userWriter", () => {
  it("writes what JSON.stringify writes, for every property of every kind of account", async () => {
    const { tenant } = await testTenant({ size: 1500, profile: "acquired", skus: 80 });
    const seed = tenant.seed();
    const names = Object.keys(userProperties);
    const write = userWriter(names);
    for (const user of tenant.users())
      expect(write({ user, tenant: seed })).toBe(
        JSON.stringify(selectRow(userProperties, names, { user, tenant: seed })),
      );
  });

  it("escapes what JSON has to escape, and keeps every character", async () => {
    const { tenant } = await testTenant();
    const seed = tenant.seed();
    const [user] = tenant.users();
    if (!user) throw new Error("no user");
    for (const displayName of ['a"b', "a\\b", "\u0000", "tab\there", "😀", "\ud83d", "ł\u2028ß"]) {
      const row = userWriter(["displayName"])({ user: { ...user, displayName }, tenant: seed });
      expect(row).toBe(JSON.stringify({ displayName }));
    }
  });

  it("writes a property once when it is asked for twice", async () => {
    const { graph } = await testTenant();
    const { text } = await graph("/v1.0/users?$select=id,id&$top=1");
    expect(text.match(/"id":/g)).toHaveLength(1);
  });
});
