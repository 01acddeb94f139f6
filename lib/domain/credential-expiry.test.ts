import fc from "fast-check";
import { expect, it } from "vitest";
import {
  byUrgency,
  daysLeft,
  expiryStage,
  expiryStageSince,
  expiryStages,
} from "./credential-expiry.ts";

const now = new Date("2026-11-29T21:30:00Z");
const inDays = (days: number, time = "12:00:00Z"): Date => {
  const day = new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  return new Date(`${day}T${time}`);
};

it.each([
  [61, null],
  [60, "60-days"],
  [31, "60-days"],
  [30, "30-days"],
  [8, "30-days"],
  [7, "7-days"],
  [2, "7-days"],
  [1, "1-day"],
  [-1, "expired"],
])("with %i days left the stage is %s", (days, stage) => {
  expect(daysLeft(inDays(days), now)).toBe(days);
  expect(expiryStage(inDays(days), now)).toBe(stage);
});

it("expires to the instant, not to the day", () => {
  expect(expiryStage(inDays(0, "23:00:00Z"), now)).toBe("1-day");
  expect(expiryStage(inDays(0, "21:30:00Z"), now)).toBe("expired");
});

it.each([
  [90, 61, null],
  [90, 60, "60-days"],
  [90, 30, "30-days"],
  [60, 60, null],
  [60, 30, "30-days"],
  [30, 30, null],
  [30, 7, "7-days"],
  [7, 7, null],
  [7, 1, "1-day"],
  [1, 1, null],
  [1, -1, "expired"],
])(
  "a token of %i days with %i left is told as %s: what it was made with is no news",
  (made, left, stage) => {
    const expiresAt = inDays(left);
    const madeAt = new Date(expiresAt.getTime() - made * 86_400_000);
    expect(expiryStageSince(madeAt, expiresAt, now)).toBe(stage);
  },
);

it("only ever goes on to later stages as time passes", () => {
  const instant = fc.date({
    min: new Date("2026-01-01"),
    max: new Date("2027-12-31"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instant, instant, instant, (expiresAt, one, other) => {
      const [earlier, later] = [one, other].toSorted((a, b) => a.getTime() - b.getTime());
      const rank = (at: Date | undefined) => {
        const stage = at === undefined ? null : expiryStage(expiresAt, at);
        return stage === null ? -1 : expiryStages.indexOf(stage);
      };
      expect(rank(later)).toBeGreaterThanOrEqual(rank(earlier));
    }),
  );
});

it("orders credentials by what has to be done", () => {
  const ending = (expiresAt: string | null) => ({
    expiresAt,
    stage: expiresAt === null ? null : expiryStage(new Date(expiresAt), now),
  });
  const days = [null, "2028-01-01", "2026-12-05", "2027-06-01", "2026-11-01"].map(ending);
  expect(days.toSorted(byUrgency).map(({ expiresAt }) => expiresAt)).toEqual([
    "2026-11-01",
    "2026-12-05",
    null,
    "2027-06-01",
    "2028-01-01",
  ]);
});
