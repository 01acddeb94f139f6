import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listOpportunities } from "#lib/services/list-opportunities";
import { createFaultBench, type FaultBench, type Plot, type Story } from "./testing/fault-bench.ts";
import { datasetOf, expectIntact, figuresOf, perUser, streamOf } from "./testing/stories.ts";
import { expectTrueFigures } from "./testing/true-figures.ts";

const all = ["directory", "sign-ins", "usage"] as const;
/** Without sign-ins, usage reports decide alone. */
const usage = ["directory", "usage"] as const;
const teams = { endpoint: "getTeamsUserActivityUserDetail" } as const;
const activeUsers = { endpoint: "getOffice365ActiveUserDetail" } as const;
const mailbox = { endpoint: "getMailboxUsageDetail" } as const;
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
    clean: false,
    faults: [{ kind: "report-shape", ...activeUsers, shape: "header-only" }],
  },
  noActiveUsers: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...activeUsers, shape: "missing-column", column }],
  },
  // B20
  threeDays: { datasets: usage, faults: [{ kind: "refresh-date", daysAgo: 3 }] },
  tenDays: { datasets: usage, faults: [{ kind: "refresh-date", daysAgo: 10 }] },
  elevenDays: { datasets: all, faults: [{ kind: "refresh-date", daysAgo: 11 }] },
  elevenDaysAlone: { datasets: usage, faults: [{ kind: "refresh-date", daysAgo: 11 }] },
  tomorrow: { datasets: usage, faults: [{ kind: "refresh-date", daysAgo: -1 }] },
  // B29
  malformed: { datasets: usage, faults: [{ kind: "report-shape", ...teams, shape: "malformed" }] },
  malformedActive: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...activeUsers, shape: "malformed" }],
  },
  // B38
  notLicensed: { datasets: all, premium: false },
  flapping: { datasets: all, faults: [{ kind: "nonpremium", times: 2 }] },
  signInsForbidden: {
    datasets: all,
    clean: false,
    faults: [{ kind: "forbidden", stream: "sign-ins" }],
  },
  usageForbidden: { datasets: all, clean: false, faults: [{ kind: "forbidden", stream: "usage" }] },
  neither: {
    datasets: all,
    clean: false,
    faults: [
      { kind: "forbidden", stream: "sign-ins" },
      { kind: "forbidden", stream: "usage" },
    ],
  },
  // B39, B40
  mailboxes: { size: 250, profile: "acquired", datasets: all },
  noMailboxes: {
    size: 250,
    profile: "acquired",
    datasets: all,
    clean: false,
    faults: [{ kind: "report-shape", ...mailbox, shape: "malformed" }],
  },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;

beforeAll(async () => {
  bench = await createFaultBench("reports");
  stories = await bench.play(plots);
}, 240_000);
afterAll(() => bench?.close());

const activityOf = (story: Story) =>
  perUser(story.after).map(({ activity, unavailable }) => activity ?? unavailable.activity);

/** One report was not read, and said so; everything else is published. */
function expectOneLost({ import: shown }: Story, error: Record<string, unknown>): void {
  expect(shown.state).toBe("partial");
  expect(datasetOf(shown, "usage").state).toBe("succeeded");
  expect(streamOf(shown, "usage")).toMatchObject({
    state: "succeeded",
    error: { class: "upstream", hidden: expect.stringMatching(/Teams report/), ...error },
  });
}

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
    expectOneLost(stories.badHost, {
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
    ["renamedColumn", "report-missing-column", /without the column “User Principal Name”/],
  ] as const)("that are %s are not read, by name", (key, code, what) => {
    expectOneLost(stories[key], { code, what: expect.stringMatching(what) });
  });

  it("with other columns in another order are read by name", async () => {
    expect(stories.reordered.import.state).toBe("succeeded");
    await expectTrueFigures(bench, stories.reordered.subject, { signIns: true, usage: true });
  });

  it("with a header alone have no date, and are not taken for no activity", () => {
    expect(datasetOf(stories.headerOnly.import, "usage").state).toBe("succeeded");
    expect(new Set(activityOf(stories.headerOnly))).toEqual(new Set(["stale"]));
    expect(stories.headerOnly.after.every(({ idleUnits }) => idleUnits === 0)).toBe(true);
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

describe("B29 broken files", () => {
  it("an unterminated quote: that report is not read", () => {
    const what = expect.stringMatching(/the Teams report in a form that cannot be read/);
    expectOneLost(stories.malformed, { code: "report-malformed", what });
  });

  it("in active users: the dataset fails, the old snapshot stays", () => {
    expect(datasetOf(stories.malformedActive.import, "usage")).toMatchObject({
      state: "failed",
      error: { class: "upstream", code: "report-malformed" },
    });
    expectIntact(stories.malformedActive, "usage");
  });
});

describe("B38 one source of evidence", () => {
  it("not licensed: usage decides alone, nobody is `never used`, the import has succeeded", async () => {
    const { import: shown, subject, after } = stories.notLicensed;
    expect(shown.state).toBe("succeeded");
    expect(streamOf(shown, "sign-ins")).toMatchObject({
      state: "unavailable",
      reason: "not-licensed",
    });
    await expectTrueFigures(bench, subject, { signIns: false, usage: true });
    for (const { activity } of perUser(after)) expect(activity?.neverUsed).toBe(0);
  });

  it("a refusal that comes and goes changes nothing", () => {
    expect(stories.flapping.import.state).toBe("succeeded");
    expect(figuresOf(stories.flapping.after)).toEqual(figuresOf(stories.flapping.before));
  });

  it("sign-ins forbidden: usage alone; usage forbidden: sign-ins alone; the import is partial", async () => {
    const { signInsForbidden, usageForbidden } = stories;
    expect([signInsForbidden.import.state, usageForbidden.import.state]).toEqual([
      "partial",
      "partial",
    ]);
    await expectTrueFigures(bench, signInsForbidden.subject, { signIns: false, usage: true });
    await expectTrueFigures(bench, usageForbidden.subject, { signIns: true, usage: false });
  });

  it("neither: activity is unknown with the reason, and nothing is recommended for it", () => {
    expect(new Set(activityOf(stories.neither))).toEqual(new Set(["permission"]));
  });
});

describe("mailboxes and rooms", () => {
  const opportunitiesOf = async ({ subject: { ctx, connectionId } }: Story) =>
    (await listOpportunities(ctx, { connectionId, limit: 100 })).items;

  it("B39 mailbox sizes unknown: blocked accounts stay listed, with low confidence and no money", async () => {
    const { import: shown } = stories.noMailboxes;
    expect(shown.state).toBe("partial");
    const blocked = (items: Awaited<ReturnType<typeof opportunitiesOf>>) =>
      items.filter(({ kind }) => kind === "blocked-account");
    const known = blocked(await opportunitiesOf(stories.mailboxes));
    const unknown = blocked(await opportunitiesOf(stories.noMailboxes));
    expect(known.some(({ confidence }) => confidence === "high")).toBe(true);
    const exchange = new Set(["SPE_E3", "SPE_E5", "ENTERPRISEPACK", "SPB", "STANDARDPACK"]);
    const part = new Map(stories.noMailboxes.after.map((l) => [l.id, l.partNumber ?? ""]));
    const mails = unknown.filter(({ licenseId }) => exchange.has(part.get(licenseId) ?? ""));
    expect(mails.length).toBeGreaterThan(3);
    expect(new Set(mails.map(({ confidence }) => confidence))).toEqual(new Set(["low"]));
  });

  it("B40 accounts of rooms are in no opportunity and still consume", async () => {
    const { tenant } = stories.mailboxes.subject;
    const rooms = new Set(
      [...tenant.users()].filter(({ kind }) => kind === "room").map(({ id }) => id),
    );
    expect(rooms.size).toBeGreaterThan(0);
    const items = await opportunitiesOf(stories.mailboxes);
    expect(items.filter(({ userId }) => userId !== null && rooms.has(userId))).toEqual([]);
    await expectTrueFigures(bench, stories.mailboxes.subject, { signIns: true, usage: true });
  });
});
