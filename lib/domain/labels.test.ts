import { describe, expect, it } from "vitest";
import { progressLabels } from "./connection-labels.ts";
import { importStates, runStates, streamStates } from "./import.ts";
import {
  activityLabels,
  complianceLabels,
  confidenceLabels,
  contractLabel,
  flagLabels,
  type Label,
  opportunityKindLabels,
  retiredReasonLabels,
} from "./labels.ts";
import { activities, compliances, flags, retiredReasons } from "./license.ts";
import { confidences, opportunityKinds } from "./opportunity.ts";

describe("labels", () => {
  it.each([
    ["compliance", compliances, complianceLabels],
    ["flags", flags, flagLabels],
    ["activity", activities, activityLabels],
    ["opportunity kinds", opportunityKinds, opportunityKindLabels],
    ["confidence", confidences, confidenceLabels],
    ["retired reasons", retiredReasons, retiredReasonLabels],
  ] as const)(
    "%s: each value has its own word and says what it means",
    (_title, values, labels) => {
      const all: readonly Label[] = Object.values(labels);
      expect(Object.keys(labels).sort()).toEqual([...values].sort());
      expect(new Set(all.map(({ label }) => label)).size).toBe(values.length);
      for (const { meaning } of all) expect(meaning).toMatch(/^[A-Z].*\.$/);
    },
  );

  it("E6: unknown and not applicable are two different words", () => {
    const words = [complianceLabels.unknown, complianceLabels["not-applicable"]].map(
      ({ label }) => label,
    );
    expect(new Set(words).size).toBe(2);
  });

  it("says how many seats the contract does not cover", () => {
    const short = { kind: "short", uncovered: 1500 } as const;
    expect(contractLabel(short, (seats) => `<${seats}>`).label).toBe("<1500> uncovered");
    expect(contractLabel({ kind: "no-purchase" }).label).toBe("No purchase");
  });

  it("has a word for every state of imports, runs and streams", () => {
    const states = new Set([...importStates, ...runStates, ...streamStates]);
    expect(Object.keys(progressLabels).sort()).toEqual([...states].sort());
  });
});
