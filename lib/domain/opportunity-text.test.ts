import { describe, expect, it } from "vitest";
import { cautions } from "./opportunity.ts";
import { type OpportunityStory, opportunityText } from "./opportunity-text.ts";

const story = (facts: Partial<OpportunityStory>): OpportunityStory => ({
  kind: "inactive",
  since: "2026-06-03",
  caution: null,
  basis: { signIns: true, usage: true },
  units: 1,
  evaluatedOn: "2026-11-23",
  ...facts,
});

describe("opportunityText", () => {
  it.each([
    [{}, "No successful sign-in and no use recorded since 3 Jun 2026 (173 days)."],
    [
      { basis: { signIns: true, usage: false } },
      "No successful sign-in recorded since 3 Jun 2026 (173 days).",
    ],
    [{ basis: { signIns: false, usage: true } }, "No use recorded since 3 Jun 2026 (173 days)."],
    [
      { since: "2026-11-22" },
      "No successful sign-in and no use recorded since 22 Nov 2026 (1 day).",
    ],
    [
      { kind: "never-used", since: "2024-01-12" },
      "No successful sign-in and no use recorded since the account was created on 12 Jan 2024 (1046 days).",
    ],
    [
      { kind: "never-used", since: null, basis: { signIns: true, usage: false } },
      "No successful sign-in recorded for this account.",
    ],
    [
      { kind: "blocked-account" },
      "The account is blocked from signing in; last use recorded on 3 Jun 2026 (173 days).",
    ],
    [
      { kind: "blocked-account", since: null },
      "The account is blocked from signing in; no use recorded.",
    ],
    [
      { kind: "blocked-account", since: null, basis: null },
      "The account is blocked from signing in; when it was last used is not known.",
    ],
    [
      { kind: "blocked-account", since: null, caution: "mailbox-size-unknown" },
      "The account is blocked from signing in; no use recorded. Check the mailbox first: its size is not known.",
    ],
    [{ kind: "unassigned", units: 12 }, "12 paid units are assigned to nobody."],
    [{ kind: "unassigned", units: 1 }, "1 paid unit is assigned to nobody."],
  ] as const)("%o", (facts, sentence) => {
    expect(opportunityText(story(facts))).toBe(sentence);
  });

  it("has its own words for every caution", () => {
    const texts = cautions.map((caution) =>
      opportunityText(story({ kind: "blocked-account", caution })),
    );
    expect(new Set(texts).size).toBe(cautions.length);
    for (const text of texts) expect(text).toMatch(/\.$/);
  });
});
