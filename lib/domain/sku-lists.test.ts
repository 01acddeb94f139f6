import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { deviceSkus, isDeviceAccount } from "./device-skus.ts";
import { bringsMailbox, mailboxPlans } from "./exchange-plans.ts";
import { freeSkus, isFreePool, viralSkus } from "./free-pool.ts";
import { isUnknownProduct, productName, productNameOverrides } from "./product-name.ts";

const table: Record<string, string>[] = parse(
  readFileSync(new URL("../../db/data/microsoft-license-products.csv", import.meta.url), "utf8"),
  { columns: true },
);
const namesOf = (skuId: string): Set<string | undefined> =>
  new Set(table.filter((row) => row.GUID === skuId).map((row) => row.Product_Display_Name));

const fabricFree = "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235";
const e5 = "06ebc4ee-1bb5-47dd-8120-11324bc54e06";
const roomsPro = "4cde982a-ede4-4409-9ae6-b003453c8ea6";
const exchangePlan2 = "efb87545-963c-4e0d-99df-69c6916d9eb0";
const exchangeFoundation = "113feb6c-3fe4-4440-bddc-54d774bf0318";

describe("lists agree with Microsoft's product table", () => {
  it.each([...freeSkus, ...viralSkus])("free pool $partNumber", ({ skuId, partNumber, name }) => {
    expect(namesOf(skuId)).toContain(name);
    expect(table.find((row) => row.GUID === skuId)?.String_Id).toBe(partNumber);
  });

  it.each(deviceSkus)("device SKU $name", ({ skuId, name }) => {
    expect(namesOf(skuId)).toContain(name);
  });

  it("no room, shared-device or resource-account SKU of the table is missing", () => {
    const devices = table.filter((row) =>
      /Teams Rooms|Teams Shared Devices|Phone Resource Account/.test(
        row.Product_Display_Name ?? "",
      ),
    );
    const missing = devices.filter((row) => !deviceSkus.some((sku) => sku.skuId === row.GUID));
    expect(devices.length).toBeGreaterThan(0);
    expect(missing.map((row) => row.Product_Display_Name)).toEqual([]);
  });

  it.each(mailboxPlans)("mailbox plan $name", ({ planId, name }) => {
    const names = table
      .filter((row) => row.Service_Plan_Id === planId)
      .map((row) => row.Service_Plan_Name);
    expect(names).toContain(name);
  });

  it("the overrides are exactly the SKUs with two names, and use one of them", () => {
    const names = new Map<string, Set<string>>();
    for (const row of table) {
      const skuId = row.GUID ?? "";
      names.set(skuId, (names.get(skuId) ?? new Set()).add(row.Product_Display_Name ?? ""));
    }
    const ambiguous = [...names].filter(([, both]) => both.size > 1).map(([skuId]) => skuId);
    expect(ambiguous.sort()).toEqual([...productNameOverrides.keys()].sort());
    for (const [skuId, name] of productNameOverrides) expect(names.get(skuId)).toContain(name);
  });

  it("lists each SKU once", () => {
    const ids = [...freeSkus, ...viralSkus, ...deviceSkus].map((sku) => sku.skuId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("isFreePool", () => {
  it("B41: by the list, in any case", () => {
    expect(isFreePool(fabricFree, null)).toBe(true);
    expect(isFreePool(fabricFree.toUpperCase(), null)).toBe(true);
    expect(isFreePool(e5, null)).toBe(false);
    expect(isFreePool(null, null)).toBe(false);
  });

  it("an admin's decision stands above the list, either way", () => {
    expect(isFreePool(fabricFree, false)).toBe(false);
    expect(isFreePool(e5, true)).toBe(true);
  });
});

describe("isDeviceAccount", () => {
  it("B40: a room that also holds E5 is a room", () => {
    expect(isDeviceAccount([e5, roomsPro.toUpperCase()])).toBe(true);
    expect(isDeviceAccount([e5])).toBe(false);
    expect(isDeviceAccount([])).toBe(false);
  });
});

describe("bringsMailbox", () => {
  it("B39: by an Exchange plan that is not switched off", () => {
    expect(bringsMailbox([exchangeFoundation, exchangePlan2.toUpperCase()])).toBe(true);
    expect(bringsMailbox([exchangePlan2], [exchangePlan2.toUpperCase()])).toBe(false);
    expect(bringsMailbox([exchangeFoundation])).toBe(false);
    expect(bringsMailbox([])).toBe(false);
  });
});

describe("productName", () => {
  const unknownSku = "ABCDEF00-0000-4000-8000-000000000001";

  it.each([
    [
      { skuId: e5, partNumber: "SPE_E5", tableName: "Microsoft 365 E5" },
      "Microsoft 365 E5",
      "table",
    ],
    [
      {
        skuId: "4B74A65C-8B4A-4FC8-9F6B-5177ED11DDFA",
        partNumber: "VIRTUAL_AGENT_USL",
        tableName: "Power Virtual Agent User License",
      },
      "Microsoft Copilot Studio User License",
      "override",
    ],
    [{ skuId: unknownSku, partNumber: "NEW_SKU", tableName: undefined }, "NEW_SKU", "part-number"],
    [
      { skuId: unknownSku, partNumber: "  ", tableName: "" },
      `Unknown product ${unknownSku.toLowerCase()}`,
      "sku-id",
    ],
    [
      { skuId: unknownSku, partNumber: null, tableName: null },
      `Unknown product ${unknownSku.toLowerCase()}`,
      "sku-id",
    ],
  ] as const)("B21: %o is %s by %s", (sku, name, from) => {
    expect(productName(sku)).toEqual({ name, from });
    const license = { productName: name, partNumber: sku.partNumber, skuId: sku.skuId };
    expect(isUnknownProduct(license)).toBe(from === "part-number" || from === "sku-id");
    expect(isUnknownProduct({ ...license, skuId: null })).toBe(false);
  });
});
