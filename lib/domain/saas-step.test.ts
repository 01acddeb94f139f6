import { expect, test } from "vitest";
import { organisationStatus } from "./saas-organisation.ts";
import { saasStep } from "./saas-step.ts";

test.each([
  [null, false, "organisation"],
  ["checking", false, "verify"],
  ["unverified", false, "verify"],
  ["action-needed", false, "verify"],
  ["ready", false, "application"],
  ["ready", true, "first-import"],
  ["action-needed", true, "first-import"],
] as const)("organisation %s, connected %s: %s", (organisation, connected, step) => {
  expect(saasStep({ organisation, connected })).toBe(step);
});

test.each([
  [{ verified: false, problem: false, checking: true }, "checking"],
  [{ verified: false, problem: true, checking: false }, "unverified"],
  [{ verified: false, problem: true, checking: true }, "checking"],
  [{ verified: true, problem: false, checking: true }, "ready"],
  [{ verified: true, problem: true, checking: true }, "action-needed"],
] as const)("%o is %s", (facts, status) => {
  expect(organisationStatus(facts)).toBe(status);
});
