import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listOpportunities } from "#lib/services/list-opportunities";
import {
  createFaultBench,
  type FaultBench,
  type Plot,
  type Story,
  type Subject,
} from "./testing/fault-bench.ts";
import { activityOf, figuresOf, perUser, streamOf } from "./testing/stories.ts";
import { expectTrueFigures } from "./testing/true-figures.ts";

const all = ["directory", "sign-ins", "usage"] as const;

/** Every account's sign-in dates are of one kind, and nothing else tells of use. */
const signInDates = (shape: "empty-text" | "year-one" | "failed-only" | "no-successful") =>
  ({
    datasets: ["directory", "sign-ins"],
    clean: false,
    faults: [{ kind: "sign-in-dates", shape, count: "all" }],
  }) as const satisfies Plot;

/** Sign-ins were read so many days ago, and only the directory is read now. */
const signInsRead = (daysAgo: number) =>
  ({
    clean: false,
    meanwhile: async (subject: Subject) => {
      await subject.import(all);
      await bench.installation.db.ownerSql`
        update snapshots set as_of = as_of - make_interval(days => ${daysAgo})
        where workspace_id = ${subject.workspaceId} and dataset = 'sign-ins'`;
    },
  }) satisfies Plot;

const plots = {
  // B37
  noDates: signInDates("empty-text"),
  yearOne: signInDates("year-one"),
  failedOnly: signInDates("failed-only"),
  noSuccessful: signInDates("no-successful"),
  // B20
  tenDays: signInsRead(10),
  elevenDays: signInsRead(11),
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
    faults: [{ kind: "report-shape", endpoint: "getMailboxUsageDetail", shape: "malformed" }],
  },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;

beforeAll(async () => {
  bench = await createFaultBench("evidence");
  stories = await bench.play(plots);
}, 300_000);
afterAll(() => bench?.close());

describe("B37 dates that are no evidence", () => {
  it.each(["noDates", "yearOne", "failedOnly", "noSuccessful"] as const)(
    "%s: nobody is active by them",
    (key) => {
      expect(stories[key].import.state).toBe("succeeded");
      const held = perUser(stories[key].after).filter(({ consumed }) => (consumed ?? 0) > 0);
      expect(held.length).toBeGreaterThan(3);
      for (const { activity, consumed } of held) {
        expect(activity?.active).toBe(0);
        // Of the other two dates, those before December 2023 count (DESIGN §5): inactive, never active.
        if (key === "noDates" || key === "yearOne") {
          expect((activity?.neverUsed ?? 0) + (activity?.tooNew ?? 0)).toBe(consumed);
        }
      }
    },
  );
});

describe("B20 sign-ins of some days ago", () => {
  it("ten days: evidence; eleven days: stale, usage decides alone", async () => {
    const { tenDays, elevenDays } = stories;
    expect([tenDays.import.state, elevenDays.import.state]).toEqual(["succeeded", "succeeded"]);
    await expectTrueFigures(bench, tenDays.subject, { signIns: true, usage: true });
    await expectTrueFigures(bench, elevenDays.subject, { signIns: false, usage: true });
    for (const { activity } of perUser(elevenDays.after)) expect(activity?.neverUsed).toBe(0);
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
    expect(stories.neither.after.every(({ idleUnits }) => idleUnits === 0)).toBe(true);
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
