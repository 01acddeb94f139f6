import { expect, it } from "vitest";
import { expectedAssignments } from "./expected-assignments.ts";

const license = {
  consumed: 200,
  activity: { active: 100, inactive: 50, neverUsed: 0, tooNew: 50, unknown: 0 },
  assigned: { direct: 20, group: 160, both: 20, unknown: 0, errors: 4 },
  blocked: 10,
  guests: 0,
};

it.each([
  ["everybody", {}, 200],
  ["one class", { activity: "inactive" }, 50],
  ["a class nobody is in", { activity: "neverUsed" }, 0],
  ["who is not blocked", { blocked: false }, 190],
  ["no guest", { guest: true }, 0],
  [
    "two filters, as if they had nothing to do with each other",
    { activity: "active", blocked: true },
    5,
  ],
  ["an origin and an error", { origin: "direct", error: true }, 0.4],
] as const)("%s", (_, filter, expected) => {
  expect(expectedAssignments(license, filter)).toBeCloseTo(expected);
});

it("is not known where a figure is not", () => {
  expect(expectedAssignments({ ...license, activity: null }, { activity: "active" })).toBeNull();
  expect(expectedAssignments({ ...license, consumed: null }, {})).toBeNull();
  expect(expectedAssignments({ ...license, activity: null }, {})).toBe(200);
});

it("is nobody of nobody", () => {
  const nobody = { ...license, consumed: 0, blocked: 0 };
  expect(expectedAssignments(nobody, { blocked: true })).toBe(0);
});
