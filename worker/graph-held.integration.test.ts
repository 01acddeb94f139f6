import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { discardImport } from "#lib/services/discard-import";
import { publishImport } from "#lib/services/publish-import";
import type { FaultInput } from "#simulator/faults/types";
import { truthOf } from "#simulator/store/truth";
import { createFaultBench, type FaultBench, type Plot, type Story } from "./testing/fault-bench.ts";
import { datasetOf, expectIntact, figuresOf, licenseOf, perUser } from "./testing/stories.ts";
import { expectTrueFigures } from "./testing/true-figures.ts";
import { waitFor } from "./testing/wait-for.ts";
import { expectTruth } from "./testing/worker-bench.ts";

const e3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";

/** The tenant shrinks, and Microsoft's own counts with it. */
const shrinks = (keep: number, keepSkus = 1): FaultInput => ({
  kind: "mass-drop",
  keep,
  keepSkus,
  consumedUnits: "follows",
});

const plots = {
  massDrop: { size: 300, faults: [shrinks(0.04)] },
  fifthOfRows: { size: 120, faults: [shrinks(0.8)] },
  lessThanAFifth: { size: 120, faults: [shrinks(0.85)] },
  fewRows: { size: 30, faults: [shrinks(0.75)] },
  thirdOfSkus: { faults: [shrinks(1, 0.6)] },
  quarterOfSkus: { faults: [shrinks(1, 0.75)] },
  churn: { size: 1050, faults: [{ kind: "churn", created: 6, deleted: 6, renamed: 6 }] },
  decided: { size: 120, faults: [shrinks(0.5)] },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;
let fewerSeats: Story;
let moving: Story;

beforeAll(async () => {
  bench = await createFaultBench("held");
  [stories, fewerSeats, moving] = await Promise.all([
    bench.play(plots),
    loseSeats(),
    moveWhileListed(),
  ]);
}, 300_000);
afterAll(() => bench?.close());

/** Half the accounts lose a license each, and no account goes. */
async function loseSeats(): Promise<Story> {
  const subject = await bench.connect({ size: 120 });
  subject.tenant.setFaults([{ kind: "unknown-sku", count: 60 }]);
  await subject.import(["directory"]);
  const before = await subject.licenses();
  subject.tenant.setFaults([]);
  const shown = await subject.import(["directory"]);
  return { subject, before, import: shown, after: await subject.licenses(), seconds: 0 };
}

/** Accounts go and Microsoft's count moves while the second page of users is on its way. */
async function moveWhileListed(): Promise<Story> {
  const subject = await bench.connect({ size: 1050 });
  const { tenant } = subject;
  await subject.import(["directory"]);
  const before = await subject.licenses();
  tenant.setFaults([{ kind: "hang", stream: "users", page: 2, times: 1 }]);
  const ending = subject.import(["directory"]);
  await waitFor(
    "the second page in flight",
    async () => tenant.faults.counts().some(({ applied }) => applied > 0),
    100_000,
  );
  tenant.setFaults([
    { kind: "vanishing-user", count: 5 },
    { kind: "consumed-factor", sku: e3, factor: 1.02 },
  ]);
  const shown = await ending;
  return { subject, before, import: shown, after: await subject.licenses(), seconds: 0 };
}

function expectHeld(story: Story, reason: string): void {
  expect(story.import.state).toBe("suspect");
  const { hold } = datasetOf(story.import, "directory");
  expect(hold?.reasons).toContain(reason);
  expect(hold?.before?.rows).toBeGreaterThan(0);
  expect(hold?.after).not.toEqual(hold?.before);
  expectIntact(story);
}

describe("B27 a complete read that is not believable", () => {
  it.each([
    ["massDrop", "rows-fell"],
    ["fifthOfRows", "rows-fell"],
    ["thirdOfSkus", "skus-vanished"],
  ] as const)("%s: held (%s), before and after shown, the numbers stay", (key, reason) => {
    expectHeld(stories[key], reason);
  });

  it("a fifth of the seats and no account: held", () => {
    expectHeld(fewerSeats, "consumed-fell");
    expect(datasetOf(fewerSeats.import, "directory").hold?.reasons).toEqual(["consumed-fell"]);
  });

  it.each(["lessThanAFifth", "fewRows"] as const)("%s: published", async (key) => {
    expect(stories[key].import.state).toBe("succeeded");
    await expectTruth(bench.installation, stories[key].subject);
    await expectTrueFigures(bench, stories[key].subject);
  });

  it("a quarter of the SKUs: published, those still held are orphans", () => {
    const { import: shown, after } = stories.quarterOfSkus;
    expect(shown.state).toBe("succeeded");
    expect(after.some(({ flags }) => flags.includes("orphan"))).toBe(true);
  });

  it("a newer held one replaces the older; of publish and discard at once one wins; both are told", async () => {
    const { subject, import: older, before } = stories.decided;
    const newer = await subject.import(["directory"]);
    expect(newer.state).toBe("suspect");
    expect((await subject.look(older.id)).state).toBe("superseded");
    const { ctx } = subject;
    await expect(publishImport(ctx, { importId: older.id })).rejects.toMatchObject({
      code: "conflict",
    });

    const importId = newer.id;
    const decisions = await Promise.allSettled([
      publishImport(ctx, { importId }),
      discardImport(ctx, { importId }),
    ]);
    expect(decisions.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const published = decisions[0]?.status === "fulfilled";
    const told = await Promise.all(["import.published", "import.discarded"].map(subject.audit));
    expect(told.map((events) => events.length)).toEqual(published ? [1, 0] : [0, 1]);
    if (published) await expectTrueFigures(bench, subject);
    else expect(figuresOf(await subject.licenses())).toEqual(figuresOf(before));
  });
});

it("B11 accounts created, deleted and renamed while they are listed: published, each once", async () => {
  const { subject, import: shown } = stories.churn;
  expect(shown.state).toBe("succeeded");
  await expectTrueFigures(bench, subject);
  const { ownerSql } = bench.installation.db;
  const [rows] = await ownerSql<{ ids: number; stored: number; seen: number }[]>`
    select count(distinct u.user_id)::int as ids, count(*)::int as stored,
      count(*) filter (where not u.deleted)::int as seen
    from snapshot_users u join dataset_epochs e
      on e.workspace_id = u.workspace_id and e.snapshot_id = u.snapshot_id and e.dataset = 'directory'
    where u.workspace_id = ${subject.workspaceId}`;
  expect(rows?.ids).toBe(rows?.stored);
  expect(rows?.seen).toBe((await truthOf(subject.tenant)).users.listed);
});

it("B11 accounts that go while they are listed: each once, published, the difference told apart", async () => {
  const { subject, import: shown, after } = moving;
  expect(shown.state).toBe("succeeded");
  await expectTruth(bench.installation, subject);
  const { difference, reported, consumed } = licenseOf(after, e3);
  expect(difference?.total).toBe((reported ?? 0) - (consumed ?? 0));
  expect(difference?.total).toBe((difference?.moved ?? 0) + (difference?.unexplained ?? 0));
  expect(difference?.moved).toBeGreaterThan(0);
  for (const license of perUser(after).filter(({ skuId }) => skuId !== e3)) {
    expect(license.difference?.unexplained ?? 0).toBe(0);
  }
});
