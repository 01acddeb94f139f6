import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LinkableApp, type LinkableLicense, linkLicenses } from "./sku-link.ts";

const license = (externalId: string, says: Partial<LinkableLicense> = {}): LinkableLicense => ({
  externalId,
  mapped: null,
  namedById: [],
  heldById: false,
  ...says,
});

const app = (
  licenses: readonly LinkableLicense[],
  held: readonly string[],
  holdsUnknown = false,
): LinkableApp => ({ licenses, held, holdsUnknown });

const linked = (skuId: string, by: string) => ({ kind: "linked", skuId, by });
const open = (why: string, ...candidates: string[]) => ({ kind: "open", why, candidates });
const linksOf = (...apps: readonly LinkableApp[]) => Object.fromEntries(linkLicenses(apps));

describe("a license stands for", () => {
  it("the SKU it was mapped to, whatever its id and the accounts say", () => {
    const mapped = license("1", { mapped: "c", namedById: ["a"] });
    expect(linksOf(app([mapped], ["b"]))).toEqual({ "1": linked("c", "mapping") });
  });

  it("the SKU its own id names, held or not", () => {
    const named = license("1", { namedById: ["a"] });
    expect(linksOf(app([named], []))).toEqual({ "1": linked("a", "license-id") });
    expect(linksOf(app([named], ["a", "b"]))).toEqual({ "1": linked("a", "license-id") });
    expect(linksOf(app([named], ["b", "c"]))).toEqual({ "1": linked("a", "license-id") });
  });

  it("the one SKU its accounts hold, as the one license of its application", () => {
    expect(linksOf(app([license("1")], ["a"]))).toEqual({ "1": linked("a", "accounts") });
  });

  it("the one SKU left, when ids and mappings settle every other license and SKU", () => {
    const others = [license("2", { namedById: ["b"] }), license("3", { mapped: "c" })];
    expect(linksOf(app([license("1"), ...others], ["a", "b", "c"]))).toMatchObject({
      "1": linked("a", "accounts"),
    });
  });

  it("one of the several SKUs its id may mean, when the accounts hold that one alone", () => {
    const either = license("1", { namedById: ["a", "b"] });
    expect(linksOf(app([either], ["b"]))).toEqual({ "1": linked("b", "accounts") });
    expect(linksOf(app([either], ["c"]))).toEqual({
      "1": open("contradictory", "a", "b", "c"),
    });
    expect(linksOf(app([either], ["a", "b"]))).toEqual({ "1": open("several-skus", "a", "b") });
  });

  it("what the accounts of its own application hold: others' accounts say nothing", () => {
    expect(linksOf(app([license("1")], ["a"]), app([license("2/1")], ["b"]))).toEqual({
      "1": linked("a", "accounts"),
      "2/1": linked("b", "accounts"),
    });
  });
});

describe("a license stands for nothing", () => {
  it("when two SKUs are possible, or one that nobody knows", () => {
    expect(linksOf(app([license("1")], ["b", "a"]))).toEqual({
      "1": open("unknown-sku", "a", "b"),
    });
    expect(linksOf(app([license("1")], ["a"], true))).toEqual({ "1": open("unknown-sku", "a") });
    expect(linksOf(app([license("1")], []))).toEqual({ "1": open("unknown-sku") });
  });

  it("when two licenses are possible", () => {
    expect(linksOf(app([license("1"), license("2")], ["a"]))).toEqual({
      "1": open("unknown-sku", "a"),
      "2": open("unknown-sku", "a"),
    });
  });

  it("when applications hold the same SKU for a license each", () => {
    expect(linksOf(app([license("1")], ["a"]), app([license("2/1")], ["a"]))).toEqual({
      "1": open("several-licenses", "a"),
      "2/1": open("several-licenses", "a"),
    });
  });

  it("when another license's id names the only SKU held", () => {
    expect(linksOf(app([license("1"), license("2", { namedById: ["a"] })], ["a"]))).toEqual({
      "1": open("unknown-sku"),
      "2": linked("a", "license-id"),
    });
  });

  it("when its id and its accounts name different SKUs", () => {
    const named = license("1", { namedById: ["b"] });
    expect(linksOf(app([named], ["a"]))).toEqual({ "1": open("contradictory", "a", "b") });
    const explained = license("2", { namedById: ["a"] });
    expect(linksOf(app([named], ["a"]), app([explained], []))).toMatchObject({
      "1": linked("b", "license-id"),
    });
  });

  it("by the accounts, when they write its own id: another SKU of theirs is another license's", () => {
    expect(linksOf(app([license("1", { heldById: true })], ["a"]))).toEqual({
      "1": open("unknown-sku"),
    });
  });
});

const skuIds = ["a", "b", "c", "d"];
const sku = fc.constantFrom(...skuIds);
const anyApps = fc
  .array(
    fc.record({
      licenses: fc.array(
        fc.record({
          mapped: fc.option(sku, { freq: 6 }),
          namedById: fc.uniqueArray(sku, { maxLength: 2 }),
          heldById: fc.boolean(),
        }),
        { maxLength: 4 },
      ),
      held: fc.uniqueArray(sku),
      holdsUnknown: fc.boolean(),
    }),
    { maxLength: 3 },
  )
  .map((apps): readonly LinkableApp[] =>
    apps.map(({ licenses, ...rest }, at) => ({
      ...rest,
      licenses: licenses.map((one, no) => ({ ...one, externalId: `${at}/${no}` })),
    })),
  );

describe("for any applications", () => {
  it("every license is linked or open, and a SKU has one license at most", () => {
    fc.assert(
      fc.property(anyApps, (apps) => {
        const links = linkLicenses(apps);
        expect([...links.keys()]).toEqual(
          apps.flatMap(({ licenses }) => licenses.map(({ externalId }) => externalId)),
        );
        const taken = [...links.values()].flatMap((link) =>
          link.kind === "linked" ? [link.skuId] : [],
        );
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });

  it("a link says what its ground says", () => {
    fc.assert(
      fc.property(anyApps, (apps) => {
        const links = linkLicenses(apps);
        for (const { licenses, held, holdsUnknown } of apps) {
          for (const { externalId, mapped, namedById } of licenses) {
            const link = links.get(externalId);
            if (link?.kind !== "linked") continue;
            expect(link.by === "mapping").toBe(mapped !== null);
            if (link.by === "mapping") expect(link.skuId).toBe(mapped);
            if (link.by === "license-id") expect(namedById).toEqual([link.skuId]);
            if (link.by === "accounts") {
              expect(held).toContain(link.skuId);
              expect(holdsUnknown).toBe(false);
            }
          }
        }
      }),
    );
  });

  it("neither the order of applications nor that of licenses and SKUs matters", () => {
    fc.assert(
      fc.property(anyApps, (apps) => {
        const reversed = apps
          .map((one) => ({
            ...one,
            licenses: one.licenses.toReversed(),
            held: one.held.toReversed(),
          }))
          .toReversed();
        expect(linksOf(...reversed)).toEqual(linksOf(...apps));
      }),
    );
  });

  it("a mapped license keeps its SKU, whatever accounts hold, unless two were mapped to it", () => {
    fc.assert(
      fc.property(anyApps, sku, (apps, skuId) => {
        const mapped = license("mapped", { mapped: skuId });
        const others = apps.map((one) => ({
          ...one,
          licenses: one.licenses.filter((other) => other.mapped !== skuId),
        }));
        const links = linkLicenses([app([mapped], []), ...others]);
        expect(links.get("mapped")).toEqual(linked(skuId, "mapping"));
      }),
    );
  });

  it("more that accounts hold never makes them name another SKU: the license is open then", () => {
    fc.assert(
      fc.property(anyApps, sku, (apps, more) => {
        const before = linkLicenses(apps);
        const after = linkLicenses(
          apps.map((one) => ({ ...one, held: [...new Set([...one.held, more])] })),
        );
        for (const [externalId, link] of before) {
          const now = after.get(externalId);
          if (link.kind === "linked" && link.by === "accounts" && now?.kind === "linked") {
            expect(now.skuId).toBe(link.skuId);
          }
        }
      }),
    );
  });
});
