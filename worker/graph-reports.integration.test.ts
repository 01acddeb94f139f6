import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFaultBench, type FaultBench, type Plot, type Story } from "./testing/fault-bench.ts";
import {
  activityOf,
  datasetOf,
  expectIntact,
  expectReportLost,
  streamOf,
} from "./testing/stories.ts";
import { expectTrueFigures } from "./testing/true-figures.ts";

const all = ["directory", "sign-ins", "usage"] as const;
/** Without sign-ins, usage reports decide alone. */
const usage = ["directory", "usage"] as const;
const teams = { endpoint: "getTeamsUserActivityUserDetail" } as const;
const activeUsers = { endpoint: "getOffice365ActiveUserDetail" } as const;
const column = "User Principal Name";
const withoutSettings = [
  "Organization.Read.All",
  "User.Read.All",
  "GroupMember.Read.All",
  "AuditLog.Read.All",
  "Reports.Read.All",
];

const plots = {
  // B18
  concealed: { datasets: all, concealedNames: true },
  concealedAlone: { datasets: usage, concealedNames: true },
  concealedByShape: { datasets: usage, concealedNames: true, permissions: withoutSettings },
  // B19
  badHost: { datasets: usage, faults: [{ kind: "report-host", ...teams }] },
  expiredOnce: { datasets: usage, faults: [{ kind: "report-expired", times: 3 }] },
  expiredAlways: { datasets: usage, faults: [{ kind: "report-expired", ...activeUsers }] },
  html: { datasets: usage, faults: [{ kind: "report-shape", ...teams, shape: "html" }] },
  empty: { datasets: usage, faults: [{ kind: "report-shape", ...teams, shape: "empty" }] },
  noColumn: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...teams, shape: "missing-column", column }],
  },
  renamedColumn: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...teams, shape: "renamed-column", column }],
  },
  reordered: { datasets: all, faults: [{ kind: "report-shape", shape: "reordered" }] },
  headerOnly: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...activeUsers, shape: "header-only" }],
  },
  headerOnlyAtFirst: {
    datasets: usage,
    clean: false,
    faults: [{ kind: "report-shape", ...activeUsers, shape: "header-only" }],
  },
  nobodyUsesIt: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...teams, shape: "header-only" }],
  },
  withoutBom: { datasets: all, faults: [{ kind: "report-shape", shape: "without-bom" }] },
  noActiveUsers: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...activeUsers, shape: "missing-column", column }],
  },
  asPlain: { datasets: all, faults: [{ kind: "report-shape", shape: "lf" }] },
  extraColumn: { datasets: all, faults: [{ kind: "report-shape", shape: "extra-column" }] },
  wrongType: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...teams, shape: "as-is", contentType: "text/html" }],
  },
  // B20
  threeDays: { datasets: usage, faults: [{ kind: "refresh-date", daysAgo: 3 }] },
  tenDays: { datasets: usage, faults: [{ kind: "refresh-date", daysAgo: 10 }] },
  elevenDays: { datasets: all, faults: [{ kind: "refresh-date", daysAgo: 11 }] },
  elevenDaysAlone: { datasets: usage, faults: [{ kind: "refresh-date", daysAgo: 11 }] },
  tomorrow: { datasets: usage, faults: [{ kind: "refresh-date", daysAgo: -1 }] },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;

beforeAll(async () => {
  bench = await createFaultBench("reports");
  stories = await bench.play(plots);
}, 300_000);
afterAll(() => bench?.close());

describe("B18 concealed names", () => {
  it("are never joined: sign-ins decide alone", async () => {
    expect(stories.concealed.import.state).toBe("succeeded");
    await expectTrueFigures(bench, stories.concealed.subject, { signIns: true, usage: false });
  });

  it.each(["concealedAlone", "concealedByShape"] as const)("%s: activity is unknown", (key) => {
    expect(new Set(activityOf(stories[key]))).toEqual(new Set(["concealed"]));
    expect(stories[key].after.every(({ idleUnits }) => idleUnits === 0)).toBe(true);
  });
});

describe("B19 report files", () => {
  it("at a host that is not allowed are not asked for; the refusal is in the audit log", async () => {
    expectReportLost(stories.badHost, {
      code: "report-host-refused",
      what: expect.stringContaining("reports.example.net"),
    });
    const [refused, ...more] = await stories.badHost.subject.audit("security.link-refused");
    expect(refused).toMatchObject({ details: { host: "reports.example.net" } });
    expect(more).toEqual([]);
  });

  it("behind an expired link are asked for again", () => {
    expect(stories.expiredOnce.import.state).toBe("succeeded");
    expect(streamOf(stories.expiredOnce.import, "usage").retries).toBe(3);
  });

  it("behind links that always expire are given up; the published usage stays", () => {
    const { import: shown } = stories.expiredAlways;
    expect(datasetOf(shown, "usage")).toMatchObject({
      state: "failed",
      error: { class: "upstream", code: "upstream-error", facts: { attempts: 4 } },
    });
    expectIntact(stories.expiredAlways, "usage");
  });

  it.each([
    ["html", "report-malformed", /the Teams report in a form that cannot be read/],
    ["empty", "report-empty", /the Teams report without any row/],
    ["noColumn", "report-missing-column", /without the column “User Principal Name”/],
    ["wrongType", "report-malformed", /the Teams report in a form that cannot be read/],
    ["renamedColumn", "report-missing-column", /without the column “User Principal Name”/],
  ] as const)("that are %s are not read, by name", (key, code, what) => {
    expectReportLost(stories[key], { code, what: expect.stringMatching(what) });
  });

  it.each(["reordered", "extraColumn", "asPlain", "withoutBom"] as const)(
    "%s: read by name",
    async (key) => {
      expect(stories[key].import.state).toBe("succeeded");
      await expectTrueFigures(bench, stories[key].subject, { signIns: true, usage: true });
    },
  );

  it.each(["headerOnly", "headerOnlyAtFirst"] as const)(
    "%s: of active users, nobody in it: named, not read, never no activity",
    (key) => {
      const { import: shown, after } = stories[key];
      expect(shown.state).toBe("partial");
      const what = expect.stringMatching(/the active users report without any row/);
      expect(datasetOf(shown, "usage")).toMatchObject({
        state: "failed",
        error: { code: "report-empty", what },
      });
      if (key === "headerOnly") expectIntact(stories[key], "usage");
      else expect(new Set(activityOf(stories[key]))).toEqual(new Set(["not-imported"]));
      expect(after.length).toBeGreaterThan(3);
      if (key === "headerOnlyAtFirst")
        expect(after.every(({ idleUnits }) => idleUnits === 0)).toBe(true);
    },
  );

  it("of a service nobody uses have no rows; the others decide as before", async () => {
    expect(stories.nobodyUsesIt.import.state).toBe("succeeded");
    await expectTrueFigures(bench, stories.nobodyUsesIt.subject, { signIns: false, usage: true });
  });

  it("of active users without a needed column fail the dataset; the published usage stays", () => {
    const { import: shown } = stories.noActiveUsers;
    expect(shown.state).toBe("partial");
    expect(datasetOf(shown, "usage")).toMatchObject({
      state: "failed",
      error: { code: "report-missing-column", hidden: expect.stringMatching(/stay those of/) },
    });
    expectIntact(stories.noActiveUsers, "usage");
  });
});

describe("B20 the reports' own date", () => {
  it.each(["threeDays", "tenDays"] as const)("%s: evidence, with its date", async (key) => {
    expect(stories[key].import.state).toBe("succeeded");
    await expectTrueFigures(bench, stories[key].subject, { signIns: false, usage: true });
    const day = new Date(Date.now() - (key === "threeDays" ? 3 : 10) * 86_400_000);
    const [license] = stories[key].after;
    expect(license?.asOf.usage?.slice(0, 10)).toBe(day.toISOString().slice(0, 10));
  });

  it("eleven days: stale, sign-ins decide alone; without them nobody is inactive", async () => {
    await expectTrueFigures(bench, stories.elevenDays.subject, { signIns: true, usage: false });
    expect(new Set(activityOf(stories.elevenDaysAlone))).toEqual(new Set(["stale"]));
  });

  it("tomorrow: held", () => {
    const { import: shown } = stories.tomorrow;
    expect(shown.state).toBe("suspect");
    expect(datasetOf(shown, "usage").hold?.reasons).toEqual(["future-report-date"]);
    expectIntact(stories.tomorrow, "usage");
  });
});
