import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControlBody } from "#lib/microsoft/testing/simulated-tenant";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { discardHeldRun, publishHeldRun } from "../../db/queries/publish.ts";
import {
  type PublishedLicense,
  readLicenses,
  readReconciliation,
} from "../../db/testing/published-rows.ts";
import { connectSimulatedTenant, type SimulatedImport } from "../../db/testing/simulated-import.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/test-database.ts";

let db: TestDatabase;
let simulator: Simulator;
let serial = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await createSimulator({ tenants: [] });
});
afterAll(async () => {
  await simulator?.close();
  await db?.close();
});

const e3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";

const connect = (request: ControlBody = {}): Promise<SimulatedImport> => {
  serial += 1;
  return connectSimulatedTenant(db, simulator, { seed: `fault ${serial}`, size: 200, ...request });
};
const licensesOf = ({ connection }: SimulatedImport) => readLicenses(db, connection);
const reconciliationOf = ({ connection }: SimulatedImport) => readReconciliation(db, connection);
const perUser = (licenses: readonly PublishedLicense[]) =>
  licenses.filter((license) => license.type === "named-user");
const connectionOf = async ({ connection }: SimulatedImport) => {
  const [row] = await db.ownerSql`
    select status, problem ->> 'code' as code from connections where id = ${connection.connectionId}`;
  return row;
};
const heldRun = async ({ connection }: SimulatedImport) => {
  const { workspaceId, connectionId } = connection;
  const rows = await db.ownerSql<{ id: string }[]>`
    select id from dataset_runs where connection_id = ${connectionId} and state = 'suspect'`;
  return { workspaceId, runId: rows[0]?.id ?? "", count: rows.length };
};

describe("a complete read that is not believable", () => {
  const drop: ControlBody = { kind: "mass-drop", keep: 0.1, consumedUnits: "follows" };

  it("is held on a mass drop: the numbers stay, publish or discard decides (B27, E3)", async () => {
    const imported = await connect();
    await imported.import("directory");
    const before = await licensesOf(imported);
    await imported.tenant.setFaults([drop]);
    expect(await imported.import("directory")).toMatchObject({
      kind: "held",
      hold: { reasons: expect.arrayContaining(["rows-fell", "consumed-fell"]) },
    });
    expect(await licensesOf(imported)).toEqual(before);
    const held = await heldRun(imported);
    const discarded = await db.web.inWorkspace(held.workspaceId, (tx) =>
      discardHeldRun(tx, { ...held, decidedBy: "analyst" }),
    );
    expect(discarded).toBe("discarded");
    expect(await licensesOf(imported)).toEqual(before);

    await imported.import("directory");
    const again = await heldRun(imported);
    const publish = () =>
      db.worker.inWorkspace(again.workspaceId, (tx) =>
        publishHeldRun(tx, { ...again, decidedBy: "analyst" }),
      );
    const discard = () =>
      db.worker.inWorkspace(again.workspaceId, (tx) =>
        discardHeldRun(tx, { ...again, decidedBy: "other" }),
      );
    const decisions = await Promise.all([publish(), discard()]);
    expect(decisions.filter((decision) => decision === "gone")).toHaveLength(1);
    const published = decisions.includes("published");
    const after = await licensesOf(imported);
    expect(JSON.stringify(after) === JSON.stringify(before)).toBe(!published);
  });

  it("publishes a held read on a person's word, once", async () => {
    const imported = await connect();
    await imported.import("directory");
    await imported.tenant.setFaults([drop]);
    await imported.import("directory");
    const held = await heldRun(imported);
    const publish = () =>
      db.web.inWorkspace(held.workspaceId, (tx) =>
        publishHeldRun(tx, { ...held, decidedBy: "analyst" }),
      );
    expect([await publish(), await publish()]).toEqual(["published", "gone"]);
    const [run] = await db.ownerSql`
      select state, decided_by, published_at is not null as published from dataset_runs where id = ${held.runId}`;
    expect(run).toEqual({ state: "succeeded", decided_by: "analyst", published: true });
    const consumed = (await licensesOf(imported)).reduce((sum, l) => sum + (l.consumed ?? 0), 0);
    expect(consumed).toBeLessThan(200);
  });

  it("keeps one held read at a time, the newest", async () => {
    const imported = await connect();
    await imported.import("directory");
    await imported.tenant.setFaults([drop]);
    await imported.import("directory");
    const older = await heldRun(imported);
    await imported.import("directory");
    const newer = await heldRun(imported);
    expect(newer.count).toBe(1);
    expect(newer.runId).not.toBe(older.runId);
  });

  it("is held on a first import with fewer seats than Microsoft counts (B32)", async () => {
    const imported = await connect();
    await imported.tenant.setFaults([{ ...drop, consumedUnits: "stays" }]);
    expect(await imported.import("directory")).toMatchObject({
      kind: "held",
      hold: { reasons: ["consumed-below-reported"], before: null },
    });
    expect(await reconciliationOf(imported)).toBeNull();
  });

  it("is held when accounts come without assignedLicenses; never seats gained (B31)", async () => {
    const imported = await connect();
    await imported.tenant.setFaults([{ kind: "missing-licenses", count: "all" }]);
    expect(await imported.import("directory")).toMatchObject({
      kind: "held",
      hold: { reasons: expect.arrayContaining(["quarantined-rows"]) },
    });
    expect(await reconciliationOf(imported)).toBeNull();
  });

  it("is held when a report is dated in the future (B20)", async () => {
    const imported = await connect();
    await imported.tenant.setFaults([{ kind: "refresh-date", daysAgo: -2 }]);
    expect(await imported.import("usage")).toMatchObject({
      kind: "held",
      hold: { reasons: ["future-report-date"] },
    });
  });
});

describe("what Microsoft says of its units", () => {
  const license = async (imported: SimulatedImport, skuId: string) =>
    (await licensesOf(imported)).find((candidate) => candidate.skuId === skuId);

  it("null units are not reported, never zero; one null is zero (B34)", async () => {
    const imported = await connect();
    await imported.tenant.setFaults([{ kind: "prepaid-units", shape: "all-null", sku: e3 }]);
    await imported.import("directory");
    expect(await license(imported, e3)).toMatchObject({
      enabled: null,
      entitled: null,
      available: null,
      compliance: "unknown",
      idleUnits: 0,
      unassignedUnits: null,
      unavailable: { enabled: "not-reported", entitled: "not-reported" },
    });
    await imported.tenant.setFaults([{ kind: "prepaid-units", shape: "one-null", sku: e3 }]);
    await imported.import("directory");
    expect((await license(imported, e3))?.entitled).not.toBeNull();
  });

  it("a held SKU that is not listed is an orphan, after a second look (B23)", async () => {
    const imported = await connect();
    await imported.tenant.setFaults([{ kind: "hidden-sku", sku: e3 }]);
    expect(await imported.import("directory")).toEqual({ kind: "published" });
    const orphan = await license(imported, e3);
    expect(orphan).toMatchObject({
      entitled: 0,
      reported: null,
      difference: null,
      compliance: "at-risk",
      flags: expect.arrayContaining(["orphan"]),
      unavailable: { reported: "not-reported", difference: "not-reported" },
    });
    expect(orphan?.shortfall).toBe(orphan?.consumed);
  });

  it("a count that moves during the import is told apart (B33)", async () => {
    const imported = await connect();
    await imported.tenant.setFaults([{ kind: "moving-consumed", by: 2, sku: e3 }]);
    expect(await imported.import("directory")).toEqual({ kind: "published" });
    const { difference } = (await license(imported, e3)) ?? {};
    expect(difference?.total).toBe((difference?.moved ?? 0) + (difference?.unexplained ?? 0));
    expect(difference?.moved).not.toBe(0);
  });

  it("a count that is null leaves reported and difference unknown (B33)", async () => {
    const imported = await connect();
    await imported.tenant.setFaults([{ kind: "null-consumed", sku: e3 }]);
    await imported.import("directory");
    expect(await license(imported, e3)).toMatchObject({
      reported: null,
      difference: null,
      unavailable: { reported: "not-reported" },
    });
  });
});

describe("evidence that is not to be had", () => {
  it("sign-ins not licensed: usage alone decides, never `neverUsed`; the reason is told (B38)", async () => {
    const imported = await connect({ premium: false });
    expect(await imported.import("sign-ins")).toMatchObject({
      kind: "failed",
      failure: { class: "tenant" },
    });
    expect(await connectionOf(imported)).toEqual({ status: "ready", code: null });
    await imported.import("directory");
    expect(await reconciliationOf(imported)).toMatchObject({
      signInsUnavailable: "not-licensed",
      usageUnavailable: "not-imported",
    });
    for (const license of perUser(await licensesOf(imported))) {
      expect(license.activity).toBeNull();
      expect(license.unavailable.activity).toBe("not-licensed");
    }
    await imported.import("usage");
    const licenses = perUser(await licensesOf(imported));
    expect(licenses.length).toBeGreaterThan(0);
    for (const license of licenses) expect(license.activity?.neverUsed).toBe(0);
  });

  it("a refusal after the directory was published reaches the numbers at once", async () => {
    const imported = await connect({ premium: false });
    await imported.import("directory");
    const before = await reconciliationOf(imported);
    expect(before?.signInsUnavailable).toBe("not-imported");
    await imported.import("sign-ins");
    const after = await reconciliationOf(imported);
    expect(after).toMatchObject({ signInsUnavailable: "not-licensed", cause: "status" });
    await imported.import("sign-ins");
    expect(await reconciliationOf(imported)).toEqual(after);
  });

  it("concealed names are never joined; without sign-ins activity is null (B18)", async () => {
    const imported = await connect({ concealedNames: true });
    await imported.import("directory");
    expect(await imported.import("usage")).toEqual({ kind: "published" });
    for (const license of perUser(await licensesOf(imported))) {
      expect(license.activity).toBeNull();
      expect(license.unavailable.activity).toBe("concealed");
    }
    await imported.import("sign-ins");
    const licenses = perUser(await licensesOf(imported));
    expect(licenses.some((license) => (license.activity?.active ?? 0) > 0)).toBe(true);
    expect(await reconciliationOf(imported)).toMatchObject({
      signInsUnavailable: null,
      usageUnavailable: "concealed",
    });
  });

  it("a stale report gives no evidence (B20)", async () => {
    const imported = await connect();
    await imported.import("directory");
    await imported.tenant.setFaults([{ kind: "refresh-date", daysAgo: 11 }]);
    await imported.import("usage");
    expect(await reconciliationOf(imported)).toMatchObject({ usageUnavailable: "stale" });
  });

  it("a missing optional permission ends only its read; a mandatory one publishes nothing (B17)", async () => {
    const imported = await connect();
    const granted = async (...names: readonly string[]) => {
      await imported.tenant.changeApp({ permissions: ["Organization.Read.All", ...names] });
      // A token keeps the roles it was given with.
      imported.tenant.tokens.dropTokens();
    };
    await granted("User.Read.All", "Reports.Read.All");
    expect(await imported.import("directory")).toEqual({ kind: "published" });
    const [groups] = await db.ownerSql`
      select c.state, c.reason, c.failure ->> 'permission' as permission
      from read_checkpoints c join dataset_runs r on r.id = c.run_id
      where r.connection_id = ${imported.connection.connectionId} and c.read = 'groups'`;
    expect(groups).toEqual({
      state: "unavailable",
      reason: "permission",
      permission: "GroupMember.Read.All",
    });
    const before = await licensesOf(imported);
    await granted("Reports.Read.All");
    expect(await imported.import("directory")).toMatchObject({
      kind: "failed",
      failure: { class: "permission", permission: "User.Read.All" },
    });
    expect(await licensesOf(imported)).toEqual(before);
    expect(await connectionOf(imported)).toEqual({
      status: "action-needed",
      code: "permission-missing",
    });
    await granted("User.Read.All", "Reports.Read.All");
    await imported.import("directory");
    expect(await connectionOf(imported)).toEqual({ status: "ready", code: null });
  });
});
