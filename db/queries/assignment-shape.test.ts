import { describe, expect, it } from "vitest";
import { assignmentShape } from "./assignment-shape.ts";

const byName = { sort: "name", limit: 50, searched: false } as const;

describe("assignmentShape", () => {
  it.each([
    ["a license most accounts hold", 1_000_000, 650_000, 650_000, "by-name"],
    ["one account in ten of its holders", 1_000_000, 650_000, 65_000, "by-name"],
    ["a handful of its holders", 1_000_000, 650_000, 40, "holders"],
    ["a license of few holders", 1_000_000, 900, 900, "holders"],
    ["a small tenant", 40, 40, 40, "holders"],
    ["none of its holders", 1_000_000, 650_000, 0, "holders"],
  ])("%s", (_, accounts, holders, matches, shape) => {
    expect(assignmentShape(byName, { accounts, holders, matches })).toBe(shape);
  });

  it("looks for a text among all accounts where a license has many holders", () => {
    const size = { accounts: 1_000_000, matches: 1 };
    const searched = { ...byName, searched: true };
    expect(assignmentShape(searched, { ...size, holders: 300_000 })).toBe("accounts");
    expect(assignmentShape(searched, { ...size, holders: 20_000 })).toBe("holders");
  });

  it("keeps the order of accounts as it is stored", () => {
    const size = { accounts: 10, holders: 10, matches: 10 };
    expect(assignmentShape({ ...byName, sort: "account" }, size)).toBe("by-account");
  });

  it("reads the license whole where its figures are unknown", () => {
    const unknown = { accounts: 10, holders: null, matches: null };
    expect(assignmentShape({ ...byName, searched: true }, unknown)).toBe("holders");
  });
});
