import { describe, expect, it } from "vitest";
import type { AssignmentRow, UserRow } from "#lib/import/ports";
import { assignmentRow, guid, skuId, userId, userRow } from "#lib/import/testing/rows";
import { prepareUsers } from "./import-store-users.ts";

const numbers = new Map([1, 2, 3].map((index) => [skuId(index), index * 10]));
const digestOf = (...rows: readonly UserRow[]) => prepareUsers(rows, numbers).digest;
const holder = (given: Partial<UserRow> = {}) =>
  userRow(1, { assignments: [assignmentRow(1), assignmentRow(2)], ...given });

describe("prepareUsers", () => {
  it("takes every field of an account and of its seats into the content hash", () => {
    const accounts: readonly UserRow[] = [
      ...Object.keys(holder())
        .filter((field) => field !== "assignments")
        .map((field) => ({ ...holder(), [field]: field === "userId" ? userId(9) : "other" })),
      holder({ assignments: [assignmentRow(1)] }),
    ];
    const seats: readonly Partial<AssignmentRow>[] = [
      { skuId: skuId(3) },
      { holds: false },
      { direct: false },
      { groupIds: [guid(3, 1)] },
      { inError: true },
      { error: "CountViolation" },
      { assignedAt: "2024-01-02T00:00:00.000Z" },
      { disabledPlanIds: [guid(4, 1)] },
    ];
    expect(seats).toHaveLength(Object.keys(assignmentRow(1)).length);
    const digests = [
      holder(),
      ...accounts,
      ...seats.map((seat) => holder({ assignments: [assignmentRow(1, seat), assignmentRow(2)] })),
    ].map((user) => digestOf(user));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("minds neither the order of accounts nor that of seats", () => {
    const turned = holder({ assignments: [assignmentRow(2), assignmentRow(1)] });
    expect(digestOf(userRow(2), holder())).toBe(digestOf(turned, userRow(2)));
  });

  it("tells accounts that swapped a value, a seat, or only whose seat it is", () => {
    const pair = (first: Partial<UserRow>, second: Partial<UserRow>) =>
      digestOf(userRow(1, first), userRow(2, second));
    const seat = { assignments: [assignmentRow(1)] };
    const other = { assignments: [assignmentRow(2)] };
    const sales = { department: "Sales" };
    expect(pair({ department: "IT" }, sales)).not.toBe(pair(sales, { department: "IT" }));
    expect(pair(seat, other)).not.toBe(pair(other, seat));
    expect(pair(seat, {})).not.toBe(pair({}, seat));
  });

  it("keeps the last row of an account, and the last of a seat, and counts holders", () => {
    const prepared = prepareUsers(
      [
        userRow(1, { assignments: [assignmentRow(1)] }),
        userRow(2, { assignments: [assignmentRow(2), assignmentRow(3, { holds: false })] }),
        userRow(1, { assignments: [assignmentRow(2), assignmentRow(2, { direct: false })] }),
      ],
      numbers,
    );
    expect(prepared).toMatchObject({ duplicates: 1, held: { "20:1": 1, "20:3": 1, "30:2": 1 } });
    expect(JSON.parse(prepared.accounts)).toMatchObject([
      { at: 1, userId: userId(1) },
      { at: 2, userId: userId(2) },
    ]);
    expect(JSON.parse(prepared.seats)).toMatchObject([
      { at: 1, skuNo: 20, direct: false },
      { at: 2, skuNo: 20 },
      { at: 2, skuNo: 30, holds: false },
    ]);
  });
});
