import { describe, expect, it } from "vitest";
import { accountKeys, toSkuRows } from "./licenses.ts";
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
    ["TWIN", { kind: "several", skuIds: twins }],
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

describe("accounts", () => {
  const own = appOf(1, ["17"]);
  const held = (appId: string, ...names: readonly string[]) => {
    const keyOf = accountKeys({ own, below: [] }, namesOf(), nothing);
    return names.map((name) => ({ appId, skuId: keyOf(name) }));
  };
  const link = (apps: { own: ManagedApp; below: ManagedApp[] }, ...skus: ReturnType<typeof held>) =>
    toSkuRows(apps, namesOf(), nothing, skus).map(({ skuId: key, license }) => ({
      key,
      skuId: license?.skuId,
      resolution: license?.resolution,
      candidates: license?.candidates,
    }));

  it("link the one license of their application to the one SKU they hold", () => {
    expect(link({ own, below: [] }, ...held("1", "spe_e3", e3))).toEqual([
      { key: e3, skuId: e3, resolution: "accounts", candidates: [] },
    ]);
  });

  it.each([
    ["several SKUs", ["SPE_E5", "SPE_E3"], [e3, e5]],
    ["a name nobody knows beside it", ["SPE_E3", "OUR PLAN"], [e3]],
    ["a GUID nobody knows", ["bbbbbbbb-0000-4000-8000-000000000001"], []],
    ["a part number of several SKUs", ["TWIN"], []],
    ["a product's name", ["Microsoft 365 E3"], []],
    ["nothing", [], []],
  ] as const)("with %s leave it open", (_title, names, candidates) => {
    const [row] = link({ own, below: [] }, ...held("1", ...names));
    expect(row).toMatchObject({ skuId: null, resolution: "unknown-sku", candidates });
  });

  it("of another application say nothing of it", () => {
    const apps = { own, below: [appOf(2, ["17"])] };
    expect(link(apps, ...held("2", "SPE_E5"))).toMatchObject([
      { skuId: null, resolution: "unknown-sku", candidates: [] },
      { key: e5, skuId: e5, resolution: "accounts" },
    ]);
  });

  it("that write a license's own id hold that license, and what it is mapped to", () => {
    const names = namesOf();
    const [row] = link({ own, below: [] }, ...held("1", "17", "SPE_E3"));
    expect(row).toMatchObject({ key: names.keyOf("17"), skuId: null, resolution: "unknown-sku" });
    const mappings = { ...nothing, licenses: new Map([["17", e5]]) };
    expect(accountKeys({ own, below: [] }, namesOf(mappings), mappings)("17")).toBe(e5);
    const telling = { own: appOf(1, ["Tenant-SPE_E3"]), below: [] };
    expect(accountKeys(telling, names, nothing)("TENANT-SPE_E3")).toBe(e3);
  });

  it("that hold another SKU than the id of their one license names contradict it", () => {
    const apps = { own: appOf(1, ["x-SPE_E5"]), below: [] };
    const [row] = link(apps, ...held("1", "SPE_E3"));
    expect(row).toMatchObject({ skuId: null, resolution: "contradictory", candidates: [e3, e5] });
    expect(row?.key).not.toBe(e5);
  });
});
