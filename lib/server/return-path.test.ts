import { describe, expect, test } from "vitest";
import { safeReturnPath } from "./return-path.ts";

describe("safeReturnPath", () => {
  test.each([
    ["/licenses?tenant=1&tab=history", "/licenses?tenant=1&tab=history"],
    ["/imports/1#rows", "/imports/1"],
  ])("keeps %s", (path, expected) => {
    expect(safeReturnPath(path)).toBe(expected);
  });

  test.each([
    null,
    undefined,
    "",
    "licenses",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
  ])("does not leave our origin by %j", (path) => {
    expect(safeReturnPath(path)).toBe("/");
  });
});
