import { describe, expect, it } from "vitest";
import { isIdleMoneyUnknown, isIdleUnknown } from "./idle.ts";

const activity = { active: 1, inactive: 0, neverUsed: 0, tooNew: 0, unknown: 0 };

describe("what idle seats cost", () => {
  it.each([
    ["no activity, no idle seat", { activity: null, idleUnits: 0, unassignedUnits: null }, true],
    ["no activity, unassigned units", { activity: null, idleUnits: 0, unassignedUnits: 3 }, false],
    ["activity, no idle seat", { activity, idleUnits: 0, unassignedUnits: null }, false],
    ["blocked accounts alone", { activity: null, idleUnits: 2, unassignedUnits: null }, false],
  ] as const)("%s", (_, license, unknown) => {
    expect(isIdleMoneyUnknown(license)).toBe(unknown);
  });

  it("is not known of seats either, though unassigned units are", () => {
    expect(isIdleUnknown({ activity: null, idleUnits: 0 })).toBe(true);
    expect(isIdleUnknown({ activity, idleUnits: 0 })).toBe(false);
  });
});
