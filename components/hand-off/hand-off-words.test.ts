import { expect, it } from "vitest";
import { handOffEnds } from "#lib/domain/hand-off";
import { handOffWord } from "./hand-off-words.ts";

const at = "2026-11-29T10:00:00Z";
const after = (outcome: string, leg: "consent" | "proof" = "consent") =>
  handOffWord({ end: null, lastTry: { leg, at, outcome } });

it("says why a link ended before what was tried with it", () => {
  for (const end of handOffEnds) {
    expect(
      handOffWord({ end, lastTry: { leg: "proof", at, outcome: "under-way" } }).label,
    ).not.toBe("At Microsoft");
  }
});

it.each([
  ["under-way", "At Microsoft"],
  ["never-came-back", "Never came back"],
  ["declined", "Cancelled"],
  ["other-tenant", "Refused"],
  ["not-administrator", "Refused"],
  ["toString", "Refused"],
])("tells a last try that ended as %s", (outcome, label) => {
  expect(after(outcome).label).toBe(label);
});

it("tells the link with which the tenant was proven as used, and the others as over", () => {
  const proven = { leg: "proof", at, outcome: "proven" } as const;
  expect(handOffWord({ end: "proven", lastTry: proven }).label).toBe("Used");
  expect(handOffWord({ end: "proven", lastTry: null }).label).toBe("Over");
});

it("tells a link nobody has used", () => {
  expect(handOffWord({ end: null, lastTry: null }).label).toBe("Open");
});
