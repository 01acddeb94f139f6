import { describe, expect, it } from "vitest";
import { type ChangeKind, changeKindAt, changeKinds, changeNumber } from "./change.ts";
import { changeLabels, changeSentence, unitsChange } from "./change-text.ts";

const count = (kind: ChangeKind, amount: number, sku = 1) => ({
  kind,
  count: amount,
  licenseId: null,
  skuId: `sku-${sku}`,
  productName: `Product ${sku}`,
});
const sentence = (...counts: ReturnType<typeof count>[]) =>
  changeSentence({ first: false, counts }, (seats) => seats.toLocaleString("en"));

describe("what a publish changed, in one sentence", () => {
  it.each([
    [[count("seat-gained", 1)], "1 seat gained."],
    [[count("seat-gained", 1200), count("account-created", 34, 2)], "1,234 seats gained."],
    [[count("seat-lost", 2)], "2 seats lost."],
    [[count("account-deleted", 2)], "2 seats lost, all because the account was deleted."],
    [
      [count("seat-gained", 5), count("seat-lost", 3), count("account-deleted", 1)],
      "5 seats gained and 4 lost, 1 of them because the account was deleted.",
    ],
    [
      [count("seat-lost", 1), count("account-unread", 2)],
      "1 seat lost; 2 seats not counted because the account could not be read.",
    ],
    [
      [count("account-read-again", 1)],
      "1 seat counted again because the account could be read again.",
    ],
    [
      [count("account-blocked", 3), count("account-unblocked", 1)],
      "3 seats on accounts now blocked, 1 seat on accounts no longer blocked.",
    ],
    [
      [count("sku-new", 1), count("sku-gone", 1, 2), count("sku-gone", 1, 3)],
      "1 new product, 2 products gone.",
    ],
    [
      [count("units-enabled", 1), count("units-expiring", 1), count("seat-lost", 1)],
      "1 seat lost; other units in 1 product.",
    ],
  ])("%#", (counts, text) => {
    expect(sentence(...counts)).toBe(text);
  });

  it("says when nothing about licenses changed, and what a first import is", () => {
    expect(sentence()).toMatch(/^No seat, no product and no number of units changed/);
    expect(changeSentence({ first: false, counts: [] }, String, false)).toBe(
      "No seat and no product changed; only other details did, such as names or terms.",
    );
    const first = { first: true, counts: [count("seat-gained", 7), count("sku-new", 1)] };
    expect(changeSentence(first, String)).toMatch(
      /^The first import of this tenant: 7 seats of 1 product\./,
    );
  });
});

it("tells units that were not reported as such, never as 0", () => {
  const change = { kind: "units-enabled", before: null, after: 0 } as const;
  expect(unitsChange(change, String)).toBe("not reported → 0");
  expect(unitsChange({ kind: "sku-gone", before: 10, after: null }, String)).toBe(
    "10 enabled before",
  );
  expect(unitsChange({ kind: "sku-new", before: null, after: null }, String)).toBe(
    "units not reported",
  );
});

it("keeps the stored position of each kind", () => {
  expect(changeKinds.map(changeNumber)).toEqual(changeKinds.map((_, index) => index));
  expect(changeKinds.map((_, index) => changeKindAt(index))).toEqual([
    "sku-gone",
    "sku-new",
    "units-enabled",
    "units-expiring",
    "units-suspended",
    "account-deleted",
    "seat-lost",
    "account-blocked",
    "account-unblocked",
    "account-created",
    "seat-gained",
    "account-unread",
    "account-read-again",
  ]);
  expect(() => changeKindAt(changeKinds.length)).toThrow("no kind of change");
  for (const words of ["label", "heading"] as const) {
    const all = Object.values(changeLabels).map((label) => label[words]);
    expect(new Set(all).size).toBe(changeKinds.length);
  }
});
