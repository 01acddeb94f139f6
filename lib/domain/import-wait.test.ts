import { expect, test } from "vitest";
import { limitsOf } from "./import-wait.ts";

test("of each service the longest limit counts; what is not limited is left out", () => {
  expect(
    limitsOf([
      { name: "usage", limitedUntil: "2026-11-23T14:40:00.000Z" },
      { name: "users", limitedUntil: "2026-11-23T14:32:00.000Z" },
      { name: "groups", limitedUntil: "2026-11-23T14:32:03.000Z" },
      { name: "organization", limitedUntil: null },
      { name: "sign-ins", limitedUntil: null },
    ]),
  ).toEqual([
    { service: "directory", until: "2026-11-23T14:32:03.000Z" },
    { service: "usage-reports", until: "2026-11-23T14:40:00.000Z" },
  ]);
  expect(limitsOf([])).toEqual([]);
});
