import { describe, expect, it } from "vitest";
import { toSkuRows } from "./licenses.ts";
import { type ManagedApp, toManagedApps } from "./map.ts";
import { createSkuNames, type SkuMappings } from "./sku-ids.ts";

const e3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const e5 = "06ebc4ee-1bb5-47dd-8120-11324bc54e06";
const twins = ["aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"];
const products = new Map([
  ["SPE_E3", [e3]],
  ["SPE_E5", [e5]],
  ["TWIN", twins],
]);
const nothing: SkuMappings = { licenses: new Map(), skus: new Map() };

const namesOf = (mappings = nothing, scope = "org/1") =>
  createSkuNames({ scope, products, mappings });

describe("names of SKUs", () => {
  it.each([
    ["spe_e3", { kind: "sku", skuId: e3, by: "product-table" }],
    [e5.toUpperCase(), { kind: "sku", skuId: e5, by: "product-table" }],
    ["TWIN", { kind: "several" }],
    ["Microsoft 365 E3", { kind: "unknown" }],
    ["bbbbbbbb-0000-4000-8000-000000000001", { kind: "unknown" }],
  ] as const)("%s", (name, expected) => {
    expect(namesOf().find(name)).toEqual(expected);
  });

  it("a person's word comes first, whatever the case of the name", () => {
    const names = namesOf({ ...nothing, skus: new Map([["OUR PLAN", e5]]) });
    expect(names.find("Our plan")).toEqual({ kind: "sku", skuId: e5, by: "mapping" });
    expect(names.keyOf("our plan")).toBe(e5);
  });

  it("keeps unknown names apart by application, and always under the same key", () => {
    expect(namesOf().keyOf("Our plan")).toBe(namesOf().keyOf("OUR PLAN"));
    expect(namesOf().keyOf("Our plan")).not.toBe(namesOf(nothing, "org/2").keyOf("Our plan"));
  });

  it.each([
    [`72f988bf-86f1-41af-91ab-2d7cd011db47-SPE_E3`, e3],
    ["licenses/4711:SPE_E5", e5],
    ["SPE_E3", e3],
    ["4711", null],
    ["XSPE_E3", null],
    ["SPE_E3-2", null],
  ])("the license id %s says %s", (licenseId, skuId) => {
    const found = namesOf().findInId(licenseId);
    expect(found.kind === "sku" ? found.skuId : null).toBe(skuId);
  });
});

const appOf = (id: number, licenseIds: readonly string[]): ManagedApp => {
  const licenses = licenseIds.map((license) => ({ id: license, name: "Microsoft 365 E3" }));
  const [app] = toManagedApps([{ id, licenses }]).rows;
  if (app === undefined) throw new Error("the application is read");
  return app;
};

const resolve = (
  own: readonly string[],
  below: readonly string[] = [],
  mapped: Record<string, string> = {},
) => {
  const mappings = { ...nothing, licenses: new Map(Object.entries(mapped)) };
  const apps = { own: appOf(1, own), below: below.length > 0 ? [appOf(2, below)] : [] };
  return toSkuRows(apps, namesOf(mappings), mappings).map(({ skuId, license }) => ({
    key: skuId,
    externalId: license?.externalId,
    skuId: license?.skuId,
    resolution: license?.resolution,
  }));
};

describe("licenses", () => {
  it("stand for the SKU in their id or the one a person mapped, and never for their name", () => {
    expect(resolve(["x-SPE_E3", "17", "18", "t-TWIN"], [], { "17": e5 })).toMatchObject([
      { key: e3, externalId: "x-SPE_E3", skuId: e3, resolution: "license-id" },
      { key: e5, externalId: "17", skuId: e5, resolution: "mapping" },
      { externalId: "18", skuId: null, resolution: "unknown-sku" },
      { externalId: "t-TWIN", skuId: null, resolution: "several-skus" },
    ]);
  });

  it("of two that stand for one SKU neither has it, unless a person mapped one", () => {
    const both = resolve(["x-SPE_E3", "y-SPE_E3"]);
    expect(both).toMatchObject(Array(2).fill({ skuId: null, resolution: "several-licenses" }));
    expect(new Set(both.map(({ key }) => key)).size).toBe(2);
    expect(resolve(["x-SPE_E3", "17"], [], { "17": e3 })).toMatchObject([
      { skuId: null, resolution: "several-licenses" },
      { key: e3, skuId: e3, resolution: "mapping" },
    ]);
  });

  it("of the application below are told apart from those of the application itself", () => {
    const rows = resolve(["17"], ["17"]);
    expect(rows.map(({ externalId }) => externalId)).toEqual(["17", "2/17"]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(2);
    expect(resolve([], ["SPE_E5"])).toMatchObject([{ externalId: "2/SPE_E5", skuId: e5 }]);
  });
});
