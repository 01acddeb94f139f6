import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getImport } from "#lib/services/get-import";
import { getLicense } from "#lib/services/get-license";
import { listImportChanges } from "#lib/services/list-import-changes";
import { publishImport } from "#lib/services/publish-import";
import { readFullTruth } from "../db/testing/simulated-import.ts";
import { createFaultBench, type FaultBench, type Plot, type Story } from "./testing/fault-bench.ts";
import {
  datasetOf,
  expectIntact,
  figuresOf,
  licenseOf,
  perUser,
  streamOf,
} from "./testing/stories.ts";
import { expectTrueFigures } from "./testing/true-figures.ts";
import { waitFor } from "./testing/wait-for.ts";
import { expectTruth } from "./testing/worker-bench.ts";

const e3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";

const plots = {
  // B10
  twice: { size: 1050, faults: [{ kind: "duplicate-rows", endpoint: "users", count: 3 }] },
  // B21
  noPartNumber: { faults: [{ kind: "null-part-number", sku: e3 }] },
  unknownSku: { faults: [{ kind: "unknown-sku", count: 3 }] },
  // B23
  hiddenSku: { faults: [{ kind: "hidden-sku", sku: e3 }] },
  // B31
  oneWithout: { size: 120, faults: [{ kind: "missing-licenses", count: 1 }] },
  oneNeverRead: { size: 120, clean: false, faults: [{ kind: "missing-licenses", count: 1 }] },
  someWithout: { size: 120, faults: [{ kind: "missing-licenses", count: 12 }] },
  noneWith: { faults: [{ kind: "missing-licenses", count: "all" }] },
  // B32
  fewOfMany: {
    size: 120,
    clean: false,
    faults: [{ kind: "mass-drop", keep: 0.5, consumedUnits: "stays" }],
  },
  // B33
  countRises: { faults: [{ kind: "moving-consumed", by: 2, sku: e3 }] },
  countFalls: { faults: [{ kind: "moving-consumed", by: -2, sku: e3 }] },
  countUnknown: { faults: [{ kind: "null-consumed", sku: e3 }] },
  // B35
  listedAndDeleted: { faults: [{ kind: "listed-and-deleted", count: 5 }] },
  // B44
  superseded: {
    faults: [{ kind: "unknown-sku", count: 1 }],
    meanwhile: ({ workspaceId }) => bench.installation.db.ownerSql`
      insert into supersessions (workspace_id, by_source, created_by)
      values (${workspaceId}, 'saas-management', 'test')`,
  },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;

beforeAll(async () => {
  bench = await createFaultBench("data");
  stories = await bench.play(plots);
}, 300_000);
afterAll(() => bench?.close());

it("B10 an account on two pages counts once, as the last page has it; the copies are counted", async () => {
  const { subject, import: shown } = stories.twice;
  expect(shown.state).toBe("succeeded");
  await expectTruth(bench.installation, subject);
  await expectTrueFigures(bench, subject);
  const [read] = await bench.installation.db.ownerSql`
    select duplicates from read_checkpoints c
    join dataset_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id
    where c.workspace_id = ${subject.workspaceId} and c.read = 'users'
    order by r.created_at desc limit 1`;
  expect(read).toEqual({ duplicates: 3 });
});

it("B21 an unknown SKU is listed by its id and counted; it retires when it goes and comes back", async () => {
  const { subject, before, after } = stories.unknownSku;
  const known = new Set(before.map((license) => license.skuId));
  const [added, ...others] = after.filter((license) => !known.has(license.skuId));
  expect(others).toEqual([]);
  expect(added).toMatchObject({ status: "active", consumed: 3, compliance: "at-risk" });
  const skuId = added?.skuId ?? "";
  expect(added?.productName).toBe(`Unknown product ${skuId}`);

  subject.tenant.setFaults([]);
  await subject.import(["directory"]);
  expect(licenseOf(await subject.licenses(), skuId)).toMatchObject({
    status: "retired",
    retiredReason: "no-longer-reported",
    compliance: "not-applicable",
  });
  subject.tenant.setFaults([{ kind: "unknown-sku", count: 3 }]);
  await subject.import(["directory"]);
  expect(licenseOf(await subject.licenses(), skuId)).toMatchObject({
    status: "active",
    consumed: 3,
  });
});

it("B21 a SKU without a part number keeps its name and figures", () => {
  const { before, after } = stories.noPartNumber;
  const { partNumber: _, ...figures } = licenseOf(before, e3);
  expect(licenseOf(after, e3)).toMatchObject({ ...figures, asOf: expect.anything() });
});

it("B23 a held SKU that is not listed: the list is read once more, then it is an orphan", () => {
  const { subject, import: shown, after } = stories.hiddenSku;
  expect(shown.state).toBe("succeeded");
  const lists = subject.tenant.log
    .entries()
    .filter(({ endpoint }) => endpoint === "subscribedSkus");
  expect(lists).toHaveLength(3);
  const orphan = licenseOf(after, e3);
  expect(orphan).toMatchObject({
    entitled: 0,
    reported: null,
    difference: null,
    compliance: "at-risk",
    shortfall: orphan.consumed,
    flags: expect.arrayContaining(["orphan"]),
  });
  expect(orphan.consumed).toBeGreaterThan(0);
});

describe("B31 accounts without assignedLicenses", () => {
  it("one: set aside and counted; it keeps what was last read of it, and says so", async () => {
    const { import: shown, before, subject } = stories.oneWithout;
    expect(shown.state).toBe("succeeded");
    expect(streamOf(shown, "users")).toMatchObject({ quarantined: 1, rows: 119 });
    await expectTruth(bench.installation, subject);
    await expectTrueFigures(bench, subject);
    const readBefore = before[0]?.asOf.directory;
    const { unread } = await getImport(subject.ctx, { importId: shown.id });
    expect(unread).toMatchObject({ carried: 1, unknown: 0, accounts: [{ seatsAsOf: readBefore }] });
    const viewer = { ...subject.ctx, actor: { ...subject.ctx.actor, role: "viewer" as const } };
    expect((await getImport(viewer, { importId: shown.id })).unread?.accounts).toEqual([]);
    const { summary } = await waitFor("the changes were found", async () => {
      const changes = await listImportChanges(subject.ctx, { importId: shown.id });
      return changes.summary && changes;
    });
    expect(summary?.counts).toEqual([]);
  });

  it("one: is told at the licenses it holds, and is over with the next import", async () => {
    const { subject } = stories.oneWithout;
    const details = async () =>
      Promise.all(
        (await subject.licenses()).map(({ id }) => getLicense(subject.ctx, { licenseId: id })),
      );
    const carried = (await details()).filter(({ unread }) => unread.carried > 0);
    expect(carried.length).toBeGreaterThan(0);
    expect(carried.map(({ unread }) => unread.carried)).toEqual(carried.map(() => 1));
    subject.tenant.setFaults([]);
    const next = await subject.import(["directory"]);
    expect((await getImport(subject.ctx, { importId: next.id })).unread).toBeNull();
    expect((await details()).filter(({ unread }) => unread.carried > 0)).toEqual([]);
    await expectTrueFigures(bench, subject);
  });

  it("one that was never read: no seat it may hold is available, and everything else is told", async () => {
    const { import: shown, after, subject } = stories.oneNeverRead;
    expect(shown.state).toBe("succeeded");
    const { unread } = await getImport(subject.ctx, { importId: shown.id });
    expect(unread).toMatchObject({ carried: 0, unknown: 1, accounts: [{ seatsAsOf: null }] });
    const truth = await readFullTruth(bench.simulator, subject.tenant.spec.id);
    const held = perUser(after).filter(({ reported, consumed }) => reported !== consumed);
    expect(held.length).toBeGreaterThan(0);
    for (const license of perUser(after)) {
      const holders = truth.skus.find(({ skuId }) => skuId === license.skuId)?.holders ?? 0;
      const mayBeHeld = held.includes(license);
      expect(license.consumed).toBe(holders - (mayBeHeld ? 1 : 0));
      expect(license.available).toBe(mayBeHeld ? null : (license.entitled ?? 0) - holders);
      expect(license.shortfall === null).toBe(mayBeHeld);
      expect(license.unassignedUnits === null).toBe(mayBeHeld);
      if (mayBeHeld) expect(license.unavailable.available).toBe("not-reported");
    }
  });

  it.each(["someWithout", "noneWith"] as const)("%s: held, no seat gained", async (key) => {
    const { import: shown, subject } = stories[key];
    expect(shown.state).toBe("suspect");
    expect(datasetOf(shown, "directory").hold?.reasons).toEqual(["quarantined-rows"]);
    expectIntact(stories[key]);
    await publishImport(subject.ctx, { importId: shown.id });
    await expectTrueFigures(bench, subject);
  });
});

it("B32 a first import with fewer seats than Microsoft counts is held with both sums", () => {
  const { import: shown, after } = stories.fewOfMany;
  expect(shown.state).toBe("suspect");
  const { hold } = datasetOf(shown, "directory");
  expect(hold).toMatchObject({ reasons: ["consumed-below-reported"], before: null });
  expect(hold?.after.consumed).toBeGreaterThan(0);
  expect((hold?.after.consumed ?? 0) * 5).toBeLessThan((hold?.after.reported ?? 0) * 4);
  expect(after).toEqual([]);
});

describe("B33 Microsoft's own count", () => {
  it.each(["countRises", "countFalls"] as const)(
    "%s: moved and unexplained are the total",
    (key) => {
      const { difference } = licenseOf(stories[key].after, e3);
      expect(difference?.total).toBe((difference?.moved ?? 0) + (difference?.unexplained ?? 0));
      expect(difference).not.toMatchObject({ total: 0 });
      expect(Math.sign(difference?.moved ?? 0)).toBe(Math.sign(difference?.total ?? 0));
    },
  );

  it("null: reported and difference are unknown, the seats are not", () => {
    const license = licenseOf(stories.countUnknown.after, e3);
    expect(license).toMatchObject({ reported: null, difference: null });
    expect(license.unavailable).toMatchObject({ reported: "not-reported" });
    expect(license.consumed).toBe(licenseOf(stories.countUnknown.before, e3).consumed);
  });
});

it("B35 accounts that are listed and deleted consume nothing and explain nothing", async () => {
  const { subject, after } = stories.listedAndDeleted;
  await expectTrueFigures(bench, subject);
  for (const { difference } of perUser(after)) expect(difference?.unexplained ?? 0).toBe(0);
});

it("B44 superseded while it imports: all retired, those created later too; undo restores exactly", async () => {
  const { subject, before, after } = stories.superseded;
  expect(after.length).toBe(before.length + 1);
  for (const license of after) {
    expect(license).toMatchObject({
      status: "retired",
      retiredReason: "superseded-by-saas-management",
    });
  }
  await bench.installation.db.ownerSql`
    delete from supersessions where workspace_id = ${subject.workspaceId}`;
  subject.tenant.setFaults([]);
  await subject.import(["directory"]);
  const restored = await subject.licenses();
  const known = new Set(before.map((license) => license.skuId));
  expect(figuresOf(restored.filter(({ skuId }) => known.has(skuId)))).toEqual(figuresOf(before));
});
