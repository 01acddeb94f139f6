import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { readLicenses } from "#db/testing/published-rows";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { sources } from "#lib/domain/connection";
import { supersedingSources } from "#lib/domain/precedence";
import type { Ctx } from "./context.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { endParallelRun } from "./end-parallel-run.ts";
import { finishParallelRuns } from "./finish-parallel-runs.ts";
import { getConnection } from "./get-connection.ts";
import { getLicense } from "./get-license.ts";
import { getOverview } from "./get-overview.ts";
import { getStanding } from "./get-standing.ts";
import { getSwitchPreview } from "./get-switch-preview.ts";
import { listAuditEvents } from "./list-audit-events.ts";
import { listOpportunities } from "./list-opportunities.ts";
import { listSwitches } from "./list-switches.ts";
import { removeRetiredLicenses } from "./remove-retired-licenses.ts";
import { startParallelRun } from "./start-parallel-run.ts";
import { switchSource } from "./switch-source.ts";
import { connectSource, type TestSource, testLicenses } from "./testing/sources.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { undoSwitch } from "./undo-switch.ts";

let db: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

/** A tenant collected by the deprecated connector, to be moved to Microsoft 365. */
async function arrange() {
  const { workspaceId } = await createWorkspace(db);
  const tenantId = randomUUID();
  const owner = await createMember(db, web.platform, workspaceId, "owner");
  const admin = await createMember(db, web.platform, workspaceId, "connection-admin");
  const connect = (source: (typeof sources)[number], tenant = tenantId) =>
    connectSource(db, { workspaceId, source, tenantId: tenant });
  const lower = await connect("office-365-deprecated");
  await lower.publish({ 1: 12, 2: 3 });
  return { workspaceId, tenantId, owner, admin, connect, lower };
}

async function arrangeBoth() {
  const arranged = await arrange();
  const higher = await arranged.connect("microsoft-365");
  await higher.publish({ 1: 11, 3: 4 });
  return {
    ...arranged,
    higher,
    move: { by: "microsoft-365", tenantId: arranged.tenantId } as const,
  };
}

const reasons = async ({ connection }: TestSource) =>
  (await readLicenses(db, connection)).map(({ status, retiredReason }) => retiredReason ?? status);
const totals = async (ctx: Ctx) => (await getOverview(ctx)).totals;
const audited = async (ctx: Ctx, action: string) => (await listAuditEvents(ctx, { action })).items;
const finishDue = async (workspaceId: string) => {
  await db.ownerSql`
    update parallel_runs set switch_at = now() - interval '1 minute' where workspace_id = ${workspaceId}`;
  const log = {
    info: () => undefined,
    error: (event: string, _facts: unknown, error: unknown) => {
      throw new Error(event, { cause: error });
    },
  };
  const platform = { ...web.platform, db: db.worker, log };
  return finishParallelRuns(platform, new AbortController().signal);
};

describe("before a switch", () => {
  it("a source that comes in above is shown and counts nowhere; the one below goes on counting", async () => {
    const { owner, lower, connect } = await arrange();
    const before = await totals(owner);
    const higher = await connect("microsoft-365");
    await higher.publish({ 1: 11, 3: 4 });
    expect(await reasons(lower)).toEqual(["active", "active"]);
    expect(await reasons(higher)).toEqual(["parallel-run", "parallel-run"]);
    expect(await totals(owner)).toEqual({ ...before, retired: 2 });
    const { connectionId } = higher.connection;
    expect((await listOpportunities(owner, { connectionId })).items).toEqual([]);
    await higher.publish({ 1: 11, 3: 4, 4: 1 });
    expect(await reasons(higher)).toEqual(["parallel-run", "parallel-run", "parallel-run"]);
  });

  it("the preview shows each license, its counterpart by skuId and the totals, and changes nothing", async () => {
    const { owner, lower, higher, move } = await arrangeBoth();
    const { preview, inForce, parallelRun } = await getSwitchPreview(owner, move);
    expect(
      preview.licenses.map((row) => [row.partNumber, row.after, row.counterpart?.consumed]),
    ).toEqual([
      ["SKU_2", "superseded-by-microsoft-365", undefined],
      ["SKU_1", "superseded-by-microsoft-365", 11],
    ]);
    expect(preview.added.map((row) => [row.partNumber, row.now, row.after])).toEqual([
      ["SKU_3", "parallel-run", null],
    ]);
    expect(preview.before).toMatchObject({ licenses: 2, entitled: 20, consumed: 15, shortfall: 2 });
    expect(preview.after).toMatchObject({ licenses: 2, entitled: 20, consumed: 15, shortfall: 1 });
    expect([preview.obstacle, inForce, parallelRun]).toEqual([null, null, null]);
    expect(await reasons(lower)).toEqual(["active", "active"]);
    expect(await reasons(higher)).toEqual(["parallel-run", "parallel-run"]);
  });

  it("is refused until the higher source has completed its first import", async () => {
    const { owner, tenantId, lower, connect } = await arrange();
    await connect("microsoft-365");
    await expect(switchSource(owner, { by: "microsoft-365", tenantId })).rejects.toMatchObject({
      code: "conflict",
      obstacle: { kind: "not-imported" },
    });
    expect(await reasons(lower)).toEqual(["active", "active"]);
  });

  it("is refused while counts differ by more than a third, unless somebody confirms", async () => {
    const { owner, higher, move } = await arrangeBoth();
    await higher.publish({ 1: 2 });
    await expect(switchSource(owner, move)).rejects.toMatchObject({
      obstacle: { kind: "counts-disagree", licenses: 1 },
    });
    await switchSource(owner, { ...move, confirmed: true });
    expect(await reasons(higher)).toEqual(["active", "no-longer-reported"]);
  });
});

describe("a switch", () => {
  it("retires what is there and what is created later, and its connection goes on importing (B44)", async () => {
    const { admin, owner, lower, higher, move } = await arrangeBoth();
    const { id } = await switchSource(admin, move);
    expect(await reasons(lower)).toEqual(Array(2).fill("superseded-by-microsoft-365"));
    expect(await reasons(higher)).toEqual(["active", "active"]);
    expect(await totals(owner)).toMatchObject({ active: 2, retired: 2, shortfall: 1 });
    await lower.publish({ 1: 12, 2: 3, 9: 1 });
    expect(await reasons(lower)).toEqual(Array(3).fill("superseded-by-microsoft-365"));
    expect(await totals(owner)).toMatchObject({ active: 2, retired: 3 });
    expect(await audited(owner, "supersession.created")).toMatchObject([
      { actorName: admin.actor.name, targetId: id, details: { by: "microsoft-365" } },
    ]);
    await expect(switchSource(admin, move)).rejects.toMatchObject({
      code: "conflict",
      existingId: id,
    });
  });

  it("survives a failure of the higher source: nothing is revived, nothing hidden", async () => {
    const { owner, lower, higher, move } = await arrangeBoth();
    await switchSource(owner, move);
    const before = [await totals(owner), await readLicenses(db, higher.connection)];
    const run = await higher.write({ 1: 11 });
    await higher.store.fail(run, { class: "tenant", code: "app-disabled" });
    await lower.publish({ 1: 13, 2: 3 });
    expect([await totals(owner), await readLicenses(db, higher.connection)]).toEqual(before);
    expect(await reasons(lower)).toEqual(Array(2).fill("superseded-by-microsoft-365"));
  });

  it("is undone exactly, and what was higher is shown and not counted again", async () => {
    const { owner, lower, higher, move } = await arrangeBoth();
    const before = [
      await readLicenses(db, lower.connection),
      await readLicenses(db, higher.connection),
      await totals(owner),
    ];
    const { id } = await switchSource(owner, move);
    await undoSwitch(owner, { supersessionId: id });
    expect([
      await readLicenses(db, lower.connection),
      await readLicenses(db, higher.connection),
      await totals(owner),
    ]).toEqual(before);
    expect(await audited(owner, "supersession.undone")).toMatchObject([{ targetId: id }]);
    await expect(undoSwitch(owner, { supersessionId: id })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("at the same moment as a publish leaves one of them counting", async () => {
    for (let round = 0; round < 4; round += 1) {
      const { owner, lower, higher, move } = await arrangeBoth();
      const run = await lower.write({ 1: 12, 2: 3, 5: 1 });
      await Promise.all([switchSource(owner, move), lower.store.publish(run)]);
      expect(await reasons(lower)).toEqual(Array(3).fill("superseded-by-microsoft-365"));
      expect(await reasons(higher)).toEqual(["active", "active"]);
    }
  });
});

describe("sources that come and go", () => {
  it("two first imports at the same moment: one counts", async () => {
    for (let round = 0; round < 4; round += 1) {
      const { workspaceId, owner } = await arrange();
      const tenantId = randomUUID();
      const [a, b] = [
        await connectSource(db, { workspaceId, tenantId, source: "office-365-deprecated" }),
        await connectSource(db, { workspaceId, tenantId, source: "microsoft-365" }),
      ];
      const [first, second] = [await a.write({ 1: 2 }), await b.write({ 1: 2 })];
      await Promise.all([a.store.publish(first), b.store.publish(second)]);
      const shown = [...(await reasons(a)), ...(await reasons(b))];
      expect(shown.filter((reason) => reason === "active")).toHaveLength(1);
      expect((await getOverview(owner, { tenantId })).totals.active).toBe(1);
    }
  });

  it("one that arrives below a counting source is retired at once, which is told and can be undone", async () => {
    const { workspaceId, owner } = await arrange();
    const higher = await connectSource(db, { workspaceId, source: "microsoft-365" });
    await higher.publish({ 1: 2 });
    const { tenantId } = higher.connection;
    const lower = await connectSource(db, {
      workspaceId,
      tenantId,
      source: "office-365-deprecated",
    });
    await lower.publish({ 1: 3 });
    expect([await reasons(higher), await reasons(lower)]).toEqual([
      ["active"],
      ["superseded-by-microsoft-365"],
    ]);
    const [event] = await audited(owner, "supersession.created");
    expect(event).toMatchObject({
      actorKind: "system",
      details: { arrived: "office-365-deprecated" },
    });
    await undoSwitch(owner, { supersessionId: event?.targetId ?? "" });
    expect([await reasons(higher), await reasons(lower)]).toEqual([["parallel-run"], ["active"]]);
  });

  it("when the counting one below is disconnected, the one above counts", async () => {
    const { owner, lower, higher } = await arrangeBoth();
    await disconnectConnection(owner, { connectionId: lower.connection.connectionId });
    expect(await reasons(lower)).toEqual(["disconnected", "disconnected"]);
    expect(await reasons(higher)).toEqual(["active", "active"]);
  });

  it("when the higher one is disconnected after a switch, nothing is revived until somebody undoes it", async () => {
    const { owner, lower, higher, move } = await arrangeBoth();
    const { id } = await switchSource(owner, move);
    await disconnectConnection(owner, { connectionId: higher.connection.connectionId });
    expect(await reasons(lower)).toEqual(Array(2).fill("superseded-by-microsoft-365"));
    await undoSwitch(owner, { supersessionId: id });
    expect(await reasons(lower)).toEqual(["active", "active"]);
    expect(await reasons(higher)).toEqual(["disconnected", "disconnected"]);
  });
});

describe("SaaS Management over the workspace", () => {
  it("needs a choice for tenants without a successor, keeps or retires them, and is undone", async () => {
    const { workspaceId, owner, lower, connect } = await arrange();
    const kept = await connectSource(db, { workspaceId, source: "microsoft-365" });
    await kept.publish({ 1: 2 });
    const dropped = await connectSource(db, { workspaceId, source: "microsoft-365" });
    await dropped.publish({ 1: 2 });
    const saas = await connect("saas-management");
    await saas.publish({ 1: 12, 2: 3 });
    const before = await totals(owner);
    const everywhere = { by: "saas-management" } as const;
    await expect(switchSource(owner, everywhere)).rejects.toMatchObject({
      obstacle: { kind: "undecided-tenants" },
    });
    const choices = [
      { tenantId: kept.connection.tenantId, choice: "keep" },
      { tenantId: dropped.connection.tenantId, choice: "retire" },
    ] as const;
    const { preview } = await getSwitchPreview(owner, { ...everywhere, choices: [...choices] });
    const { id } = await switchSource(owner, { ...everywhere, choices: [...choices] });
    expect([
      await reasons(saas),
      await reasons(lower),
      await reasons(kept),
      await reasons(dropped),
    ]).toEqual([
      ["active", "active"],
      Array(2).fill("superseded-by-saas-management"),
      ["active"],
      ["superseded-by-saas-management"],
    ]);
    const after = await totals(owner);
    expect(after).toMatchObject({
      active: preview.after.licenses,
      shortfall: preview.after.shortfall,
      surplus: preview.after.surplus,
    });
    expect(await audited(owner, "supersession.created")).toMatchObject([
      {
        details: {
          tenantId: null,
          kept: [kept.connection.tenantId],
          retiredWithoutSuccessor: [dropped.connection.tenantId],
        },
      },
    ]);
    const inForce = await getSwitchPreview(owner, everywhere);
    expect(
      inForce.preview.tenants.flatMap(({ tenantId, choice }) =>
        choice === null ? [] : [{ tenantId, choice }],
      ),
    ).toEqual([{ tenantId: kept.connection.tenantId, choice: "keep" }]);
    expect(inForce.preview.after).toEqual(inForce.preview.before);
    // Connected after the switch: the rule is the whole workspace's.
    const late = await connectSource(db, { workspaceId, source: "microsoft-365" });
    await late.publish({ 7: 1 });
    expect(await reasons(late)).toEqual(["superseded-by-saas-management"]);
    await disconnectConnection(owner, { connectionId: late.connection.connectionId });

    await undoSwitch(owner, { supersessionId: id });
    expect(await totals(owner)).toEqual({ ...before, retired: before.retired + 1 });
  });

  it("is the owner's to decide; one tenant is its connections' administrator's", async () => {
    const { admin, owner, connect, tenantId } = await arrange();
    await (await connect("saas-management")).publish({ 1: 12, 2: 3 });
    await expect(switchSource(admin, { by: "saas-management" })).rejects.toMatchObject({
      code: "forbidden",
    });
    const { id } = await switchSource(owner, { by: "saas-management" });
    await expect(undoSwitch(admin, { supersessionId: id })).rejects.toMatchObject({
      code: "forbidden",
    });
    await undoSwitch(owner, { supersessionId: id });
    await switchSource(admin, { by: "saas-management", tenantId });
  });
});

describe("a parallel run", () => {
  it("counts the lower source until its days are over, then switches by itself", async () => {
    const { workspaceId, admin, owner, lower, higher, move } = await arrangeBoth();
    const { switchAt } = await startParallelRun(admin, { ...move, days: 14 });
    expect(Date.parse(switchAt) - Date.now()).toBeGreaterThan(13.9 * 86_400_000);
    expect((await getSwitchPreview(owner, move)).parallelRun).toMatchObject({
      days: 14,
      startedBy: admin.actor.name,
      obstacle: null,
    });
    expect(await reasons(lower)).toEqual(["active", "active"]);
    expect(await finishDue(workspaceId)).toEqual({ switched: 1, refused: 0 });
    expect(await reasons(lower)).toEqual(Array(2).fill("superseded-by-microsoft-365"));
    expect(await reasons(higher)).toEqual(["active", "active"]);
    expect((await getSwitchPreview(owner, move)).parallelRun).toBeNull();
    expect(await audited(owner, "supersession.created")).toMatchObject([{ actorKind: "system" }]);
  });

  it("for the workspace goes by the choices made when it was asked for, unless others are asked", async () => {
    const { workspaceId, owner, connect } = await arrange();
    const alone = await connectSource(db, { workspaceId, source: "microsoft-365" });
    await alone.publish({ 1: 2 });
    await (await connect("saas-management")).publish({ 1: 12, 2: 3 });
    const { tenantId } = alone.connection;
    const everywhere = { by: "saas-management" } as const;
    const choices = [{ tenantId, choice: "keep" as const }];
    const { preview } = await getSwitchPreview(owner, { ...everywhere, choices });
    await startParallelRun(owner, { ...everywhere, choices, days: 14 });
    expect((await getSwitchPreview(owner, everywhere)).preview).toEqual(preview);
    const others = [{ tenantId, choice: "retire" as const }];
    expect(
      (await getSwitchPreview(owner, { ...everywhere, choices: others })).preview,
    ).toMatchObject({ obstacle: null, after: { licenses: preview.after.licenses - 1 } });
  });

  it("says why it could not switch, once, and goes on when it can", async () => {
    const { workspaceId, owner, lower, higher, move } = await arrangeBoth();
    await startParallelRun(owner, { ...move, days: 1 });
    await higher.publish({ 1: 2 });
    expect(await finishDue(workspaceId)).toEqual({ switched: 0, refused: 1 });
    expect(await finishDue(workspaceId)).toEqual({ switched: 0, refused: 1 });
    expect((await getSwitchPreview(owner, move)).parallelRun?.obstacle).toMatch(/differ by more/);
    expect(await audited(owner, "parallel-run.refused")).toHaveLength(1);
    expect(await reasons(lower)).toEqual(["active", "active"]);
    await higher.publish({ 1: 12 });
    expect(await finishDue(workspaceId)).toEqual({ switched: 1, refused: 0 });
  });

  it("is called off without changing anything, and ends with a switch by hand", async () => {
    const { workspaceId, owner, lower, move } = await arrangeBoth();
    const { id } = await startParallelRun(owner, { ...move, days: 3 });
    await endParallelRun(owner, { parallelRunId: id });
    expect(await finishDue(workspaceId)).toEqual({ switched: 0, refused: 0 });
    expect(await reasons(lower)).toEqual(["active", "active"]);
    await expect(endParallelRun(owner, { parallelRunId: id })).rejects.toMatchObject({
      code: "not-found",
    });
    await startParallelRun(owner, { ...move, days: 3 });
    await startParallelRun(owner, { ...move, days: 5 });
    await switchSource(owner, move);
    expect(await finishDue(workspaceId)).toEqual({ switched: 0, refused: 0 });
  });

  it.each([0, 91, 1.5])("does not last %d days", async (days) => {
    const { owner, move } = await arrangeBoth();
    await expect(startParallelRun(owner, { ...move, days })).rejects.toMatchObject({
      code: "invalid",
      fields: { days: expect.any(String) },
    });
  });
});

it("clears away the retired licenses of a connection that is gone, and of no other", async () => {
  const { owner, lower, higher, move } = await arrangeBoth();
  const { connectionId } = lower.connection;
  await switchSource(owner, move);
  await expect(removeRetiredLicenses(owner, { connectionId })).rejects.toMatchObject({
    code: "conflict",
  });
  await disconnectConnection(owner, { connectionId });
  expect(await removeRetiredLicenses(owner, { connectionId })).toEqual({ removed: 2 });
  expect(await removeRetiredLicenses(owner, { connectionId })).toEqual({ removed: 0 });
  expect(await readLicenses(db, lower.connection)).toEqual([]);
  expect(await reasons(higher)).toEqual(["active", "active"]);
  expect(await totals(owner)).toMatchObject({ active: 2, retired: 0 });
  expect(await audited(owner, "licenses.removed")).toMatchObject([
    { targetId: connectionId, details: { removed: 2, source: "office-365-deprecated" } },
  ]);
});

describe("what pages say of it", () => {
  it("tells a connection how it stands, before and after a switch", async () => {
    const { owner, lower, higher, move } = await arrangeBoth();
    const standings = async () => [
      await getStanding(owner, { connectionId: lower.connection.connectionId }),
      await getStanding(owner, { connectionId: higher.connection.connectionId }),
    ];
    const leftOut = async () => [
      await getConnection(owner, { connectionId: lower.connection.connectionId }),
      await getConnection(owner, { connectionId: higher.connection.connectionId }),
    ];
    expect(await standings()).toEqual([
      { kind: "counts", to: "microsoft-365" },
      { kind: "parallel-run", counting: "office-365-deprecated", to: "microsoft-365" },
    ]);
    expect(await leftOut()).toMatchObject([
      { leftOut: null, licenses: 2 },
      { leftOut: "parallel-run", licenses: 0 },
    ]);
    await switchSource(owner, move);
    expect(await leftOut()).toMatchObject([
      { leftOut: "superseded-by-microsoft-365", licenses: 0 },
      { leftOut: null, licenses: 2 },
    ]);
    expect(await standings()).toEqual([
      { kind: "superseded", by: "microsoft-365", counting: "microsoft-365", wide: false },
      { kind: "counts", to: null },
    ]);
    const { connectionId } = higher.connection;
    await disconnectConnection(owner, { connectionId });
    expect(await standings()).toEqual([
      { kind: "superseded", by: "microsoft-365", counting: null, wide: false },
      null,
    ]);
  });

  it("says nothing of a connection above another one before its first import", async () => {
    const { owner, connect } = await arrange();
    const { connectionId } = (await connect("microsoft-365")).connection;
    expect(await getStanding(owner, { connectionId })).toBeNull();
  });

  it("lists what is in force and asked for ahead, with the tenant's name", async () => {
    const { owner, higher, move, tenantId } = await arrangeBoth();
    expect(await listSwitches(owner)).toMatchObject({
      inForce: [],
      parallelRuns: [],
      tenants: { "office-365-deprecated": 1, "microsoft-365": 1, "saas-management": 0 },
    });
    await startParallelRun(owner, { ...move, days: 7 });
    const { connectionId } = higher.connection;
    const here = { by: "microsoft-365", tenantId, tenantName: "Contoso", connectionId };
    expect((await listSwitches(owner)).parallelRuns).toMatchObject([{ ...here, days: 7 }]);
    await switchSource(owner, move);
    const { inForce, parallelRuns } = await listSwitches(owner);
    expect(inForce).toMatchObject([{ ...here, createdBy: owner.actor.name }]);
    expect(parallelRuns).toEqual([]);
  });

  it("links a license to its twin of the same tenant and SKU, and to no other", async () => {
    const { owner, lower, higher } = await arrangeBoth();
    const [first, second] = await readLicenses(db, lower.connection);
    const [twin] = await readLicenses(db, higher.connection);
    expect((await getLicense(owner, { licenseId: first?.licenseId ?? "" })).twins).toEqual([
      {
        id: twin?.licenseId,
        source: "microsoft-365",
        status: "retired",
        retiredReason: "parallel-run",
        entitled: 10,
        consumed: 11,
      },
    ]);
    expect((await getLicense(owner, { licenseId: second?.licenseId ?? "" })).twins).toEqual([]);
    await disconnectConnection(owner, { connectionId: higher.connection.connectionId });
    expect((await getLicense(owner, { licenseId: first?.licenseId ?? "" })).twins).toEqual([]);
  });
});

it.each(["viewer", "analyst", "auditor"] as const)(
  "%s may look and decide nothing",
  async (role) => {
    const { workspaceId, owner, move } = await arrangeBoth();
    const reader = await createMember(db, web.platform, workspaceId, role);
    expect((await getSwitchPreview(reader, move)).preview.licenses).toHaveLength(2);
    const { id: parallelRunId } = await startParallelRun(owner, { ...move, days: 1 });
    const forbidden = { code: "forbidden" };
    await expect(switchSource(reader, move)).rejects.toMatchObject(forbidden);
    await expect(startParallelRun(reader, { ...move, days: 1 })).rejects.toMatchObject(forbidden);
    await expect(endParallelRun(reader, { parallelRunId })).rejects.toMatchObject(forbidden);
    const { id: supersessionId } = await switchSource(owner, move);
    await expect(undoSwitch(reader, { supersessionId })).rejects.toMatchObject(forbidden);
  },
);

it("knows no switch and no parallel run of another workspace", async () => {
  const there = await arrangeBoth();
  const { owner } = await arrange();
  const { id: parallelRunId } = await startParallelRun(there.owner, { ...there.move, days: 1 });
  const missing = { code: "not-found" };
  await expect(endParallelRun(owner, { parallelRunId })).rejects.toMatchObject(missing);
  const { id: supersessionId } = await switchSource(there.owner, there.move);
  await expect(undoSwitch(owner, { supersessionId })).rejects.toMatchObject(missing);
});

it("answers a tenant and a workspace-wide Microsoft 365 that cannot be meant", async () => {
  const { owner } = await arrange();
  const { tenantId } = await arrange();
  for (const call of [switchSource, getSwitchPreview]) {
    await expect(call(owner, { by: "microsoft-365", tenantId })).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(call(owner, { by: "microsoft-365" })).rejects.toMatchObject({ code: "invalid" });
  }
});

const op = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("publish" as const),
      source: fc.constantFrom(...sources),
      users: fc.integer({ min: 1, max: 4 }),
      /** Of SaaS Management only. */
      licenses: fc.constantFrom(...testLicenses),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("switch" as const),
      by: fc.constantFrom(...supersedingSources),
      wide: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("undo" as const), index: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("disconnect" as const),
      source: fc.constantFrom(...sources),
    }),
  },
);

it("never counts a product twice, in any order of imports, switches, undos and disconnects (B44)", async () => {
  const refused = (error: unknown) => {
    if (!(error instanceof Error && "code" in error)) throw error;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 3, maxLength: 9 }), async (ops) => {
      const { workspaceId } = await createWorkspace(db);
      const tenantId = randomUUID();
      const owner = await createMember(db, web.platform, workspaceId, "owner");
      const connected = new Map<string, TestSource>();
      for (const one of ops) {
        if (one.kind === "publish") {
          const at =
            connected.get(one.source) ??
            (await connectSource(db, { workspaceId, tenantId, source: one.source }));
          connected.set(one.source, at);
          const licenses = one.source === "saas-management" ? one.licenses : "none";
          await at.publish({ 1: one.users, 2: 1 }, licenses);
        } else if (one.kind === "switch") {
          const scope = one.wide && one.by === "saas-management" ? {} : { tenantId };
          const choices = [{ tenantId, choice: "retire" as const }];
          await switchSource(owner, { by: one.by, ...scope, choices, confirmed: true }).catch(
            refused,
          );
        } else if (one.kind === "undo") {
          const rows = await db.ownerSql<{ id: string }[]>`
            select id from supersessions where workspace_id = ${workspaceId} order by created_at`;
          const row = rows[one.index];
          if (row !== undefined) await undoSwitch(owner, { supersessionId: row.id });
        } else {
          const at = connected.get(one.source);
          connected.delete(one.source);
          if (at !== undefined) {
            await disconnectConnection(owner, { connectionId: at.connection.connectionId });
          }
        }
        const counted = await db.ownerSql<{ sku: string; times: number; guessed: number }[]>`
          select coalesce(l.sku_id, l.id) as sku, count(*)::int as times,
            count(*) filter (where l.sku_id is null and p.consumed is not null)::int as guessed
          from connections c
          join license_positions p on p.workspace_id = c.workspace_id and p.reconciliation_id = c.reconciliation_id
          join licenses l on l.workspace_id = p.workspace_id and l.id = p.license_id
          where c.workspace_id = ${workspaceId} and p.status = 'active'
          group by 1`;
        expect(counted.every(({ times, guessed }) => times === 1 && guessed === 0)).toBe(true);
        const { active } = (await getOverview(owner)).totals;
        expect(active).toBe(counted.length);
        const [{ rows } = { rows: 0 }] = await db.ownerSql<{ rows: number }[]>`
          select count(*)::int as rows from supersessions where workspace_id = ${workspaceId}`;
        if (rows === 0 && connected.size > 0) {
          const skus = await db.ownerSql`
            select distinct l.sku_id from license_positions p
            join connections c on c.workspace_id = p.workspace_id and c.reconciliation_id = p.reconciliation_id
            join licenses l on l.workspace_id = p.workspace_id and l.id = p.license_id
            where c.workspace_id = ${workspaceId} and p.status = 'active' and l.sku_id is not null`;
          expect(skus).toHaveLength(2);
        }
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
