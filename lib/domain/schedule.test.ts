import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localTimePattern, weekdays } from "./cadence.ts";
import { defaultSchedule, isTimeZone, lastRun, nextRun, type Schedule } from "./schedule.ts";

const daily = (time: string, timeZone: string): Schedule => ({ cadence: "daily", time, timeZone });
const runAfter = (schedule: Schedule, instant: string): string =>
  nextRun(schedule, new Date(instant)).toISOString();

/** The runs of a schedule in [from, to), ISO. */
function runsBetween(schedule: Schedule, from: string, to: string): readonly string[] {
  const runs: string[] = [];
  for (let at = nextRun(schedule, new Date(Date.parse(from) - 1)); at < new Date(to); ) {
    runs.push(at.toISOString());
    at = nextRun(schedule, at);
  }
  return runs;
}

describe("nextRun", () => {
  it.each([
    ["later today", "2026-11-23T01:00:00Z", "2026-11-23T02:30:00.000Z"],
    ["tomorrow, when it is that very instant", "2026-11-23T02:30:00Z", "2026-11-24T02:30:00.000Z"],
    ["over the end of a year", "2026-12-31T12:00:00Z", "2027-01-01T02:30:00.000Z"],
    ["onto a leap day", "2028-02-28T12:00:00Z", "2028-02-29T02:30:00.000Z"],
    ["over the end of February", "2027-02-28T12:00:00Z", "2027-03-01T02:30:00.000Z"],
  ])("daily: %s", (_, from, expected) => {
    expect(runAfter(daily("02:30", "UTC"), from)).toBe(expected);
  });

  it("keeps the wall clock's time when the offset changes", () => {
    const schedule = daily("09:00", "Europe/Berlin");
    expect(runsBetween(schedule, "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z")).toEqual([
      "2026-03-28T08:00:00.000Z",
      "2026-03-29T07:00:00.000Z",
      "2026-03-30T07:00:00.000Z",
    ]);
  });

  it("runs once, an hour later, when the clocks skip its time", () => {
    const schedule = daily("02:30", "Europe/Berlin");
    expect(runsBetween(schedule, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z")).toEqual([
      "2026-03-29T01:30:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });

  it("runs once, at the first, when the clocks show its time twice", () => {
    const schedule = daily("02:30", "Europe/Berlin");
    expect(runsBetween(schedule, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z")).toEqual([
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  it("runs once where the clocks jump over midnight", () => {
    // Beirut went from 23:59:59 on 28 March to 01:00 on 29 March 2026.
    const schedule = daily("00:15", "Asia/Beirut");
    expect(runsBetween(schedule, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z")).toEqual([
      "2026-03-28T22:15:00.000Z",
      "2026-03-29T21:15:00.000Z",
    ]);
  });

  it("runs once for two days when a zone skips a whole one", () => {
    // Samoa had no 30 December 2011.
    const schedule = daily("10:00", "Pacific/Apia");
    expect(runsBetween(schedule, "2011-12-29T12:00:00Z", "2012-01-01T12:00:00Z")).toEqual([
      "2011-12-29T20:00:00.000Z",
      "2011-12-30T20:00:00.000Z",
      "2011-12-31T20:00:00.000Z",
    ]);
  });

  it("weekly: on the weekday of the zone, not of UTC", () => {
    const schedule: Schedule = {
      cadence: "weekly",
      weekday: "monday",
      time: "07:00",
      timeZone: "Pacific/Auckland",
    };
    expect(runAfter(schedule, "2026-11-18T00:00:00Z")).toBe("2026-11-22T18:00:00.000Z");
    expect(runAfter(schedule, "2026-11-22T18:00:00Z")).toBe("2026-11-29T18:00:00.000Z");
  });
});

describe("lastRun", () => {
  it("is the run at the instant itself, else the one before", () => {
    const schedule = daily("02:30", "UTC");
    expect(lastRun(schedule, new Date("2026-11-23T02:30:00Z")).toISOString()).toBe(
      "2026-11-23T02:30:00.000Z",
    );
    expect(lastRun(schedule, new Date("2026-11-23T02:29:59Z")).toISOString()).toBe(
      "2026-11-22T02:30:00.000Z",
    );
  });
});

describe("over any zone and year", () => {
  const zone = fc.constantFrom("UTC", ...Intl.supportedValuesOf("timeZone"));
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
  const schedule: fc.Arbitrary<Schedule> = fc.oneof(
    fc.record({ cadence: fc.constant("daily" as const), time, timeZone: zone }),
    fc.record({
      cadence: fc.constant("weekly" as const),
      weekday: fc.constantFrom(...weekdays),
      time,
      timeZone: zone,
    }),
  );
  const instant = fc.date({
    min: new Date("2012-01-02T00:00:00Z"),
    max: new Date("2045-12-31T00:00:00Z"),
    noInvalidDate: true,
  });

  const formats = new Map<string, Intl.DateTimeFormat>();
  const formatOf = (timeZone: string): Intl.DateTimeFormat => {
    const format =
      formats.get(timeZone) ??
      new Intl.DateTimeFormat("en-CA", {
        timeZone,
        hourCycle: "h23",
        weekday: "long",
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
      });
    formats.set(timeZone, format);
    return format;
  };

  /** Local calendar day and clock time of an instant, by Intl: another way than the one under test. */
  const localOf = (at: Date, timeZone: string) => {
    const parts = formatOf(timeZone).formatToParts(at);
    const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
    return {
      day: `${of("year")}-${of("month")}-${of("day")}`,
      time: `${of("hour")}:${of("minute")}`,
      weekday: of("weekday").toLowerCase(),
    };
  };
  const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;

  it("has exactly one run per local day, or week, at its time unless the clocks skip it", () => {
    fc.assert(
      fc.property(schedule, instant, (made, from) => {
        const step = made.cadence === "daily" ? 1 : 7;
        let at = nextRun(made, from);
        // The day a run belongs to: one whose time the clocks skip over midnight lands on the day after.
        const dayOf = (run: Date) => {
          const local = localOf(run, made.timeZone);
          return dayNumber(local.day) - (local.time < made.time ? 1 : 0);
        };
        for (let run = 0; run < 60; run += 1) {
          const next = nextRun(made, at);
          expect(next.getTime()).toBeGreaterThan(at.getTime());
          expect(dayOf(next) - dayOf(at)).toBe(step);
          const local = localOf(next, made.timeZone);
          if (local.time === made.time && made.cadence === "weekly") {
            expect(local.weekday).toBe(made.weekday);
          }
          // A skipped time: no minute of the three hours before shows it.
          if (local.time !== made.time) {
            for (let minute = 1; minute <= 180; minute += 1) {
              const before = new Date(next.getTime() - minute * 60_000);
              expect(localOf(before, made.timeZone).time).not.toBe(made.time);
            }
          }
          at = next;
        }
      }),
      { numRuns: 40 },
    );
  });

  it("goes back as it goes forth", () => {
    fc.assert(
      fc.property(schedule, instant, (made, from) => {
        const next = nextRun(made, from);
        expect(lastRun(made, next)).toEqual(next);
        expect(lastRun(made, from).getTime()).toBeLessThanOrEqual(from.getTime());
        expect(nextRun(made, lastRun(made, from))).toEqual(next);
      }),
      { numRuns: 300 },
    );
  });

  it("is the same run from wherever one looks before it", () => {
    fc.assert(
      fc.property(
        schedule,
        instant,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (made, from, part) => {
          const next = nextRun(made, from);
          const between = new Date(
            from.getTime() + Math.floor((next.getTime() - from.getTime()) * part),
          );
          fc.pre(between < next);
          expect(nextRun(made, between)).toEqual(next);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("defaultSchedule", () => {
  it("is daily, in the night, and the same for the same connection", () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const made = defaultSchedule(id);
        expect(made).toEqual(defaultSchedule(id));
        expect(made.time).toMatch(localTimePattern);
        expect(made.time >= "01:00" && made.time <= "04:59").toBe(true);
      }),
    );
    expect(defaultSchedule("000000ef-0000-4000-8000-000000000000")).toEqual(daily("04:59", "UTC"));
    expect(defaultSchedule("000000f0-0000-4000-8000-000000000000")).toEqual(daily("01:00", "UTC"));
  });

  it("spreads connections over the night", () => {
    const ids = fc.sample(fc.uuid({ version: 4 }), { numRuns: 1000, seed: 7 });
    expect(new Set(ids.map((id) => defaultSchedule(id).time)).size).toBeGreaterThan(100);
  });
});

describe("isTimeZone", () => {
  it.each(["UTC", "Europe/Berlin", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])(
    "takes %s",
    (name) => expect(isTimeZone(name)).toBe(true),
  );
  it.each([
    "",
    "+02:00",
    "Mars/Olympus",
    "Europe/Berlin[u-ca=iso8601]",
    "2026-01-01T00:00Z",
    " UTC",
  ])("refuses %o", (name) => expect(isTimeZone(name)).toBe(false));
});
