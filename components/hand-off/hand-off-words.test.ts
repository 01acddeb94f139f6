import { expect, it } from "vitest";
import { handOffEnds } from "#lib/domain/hand-off";
import { handOffWord } from "./hand-off-words.ts";

const at = "2026-11-29T10:00:00Z";
const after = (outcome: string, leg: "consent" | "proof" = "consent") =>
  handOffWord({ end: null, lastTry: { leg, at, outcome, refusal: null } });

it("says why a link ended before what was tried with it", () => {
  for (const end of handOffEnds) {
    expect(
      handOffWord({ end, lastTry: { leg: "proof", at, outcome: "under-way", refusal: null } })
        .label,
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
  const proven = { leg: "proof", at, outcome: "proven", refusal: null } as const;
  expect(handOffWord({ end: "proven", lastTry: proven }).label).toBe("Used");
  expect(handOffWord({ end: "proven", lastTry: null }).label).toBe("Over");
});

it("gives Microsoft's reason where one is known, and never for somebody who cancelled", () => {
  const refusal = { text: "Wait. Then try again.", errorNumber: 90095, correlationId: null };
  const meaningOf = (outcome: string) =>
    handOffWord({ end: null, lastTry: { leg: "consent", at, outcome, refusal } }).meaning;
  expect(meaningOf("refused-by-microsoft")).toBe("Wait. Then try again. The link still works.");
  expect(meaningOf("declined")).toMatch(/^Somebody pressed Cancel/);
});

it("tells a link nobody has used", () => {
  expect(handOffWord({ end: null, lastTry: null }).label).toBe("Open");
});
