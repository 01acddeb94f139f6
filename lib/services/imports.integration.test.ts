import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory, writeDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { connectionStatuses, importableStatuses } from "#lib/domain/connection";
import { assignmentRow, page, skuRow, userRow } from "#lib/import/testing/rows";
import { writePage } from "#lib/import/testing/write-page";
import { cancelImport } from "./cancel-import.ts";
import type { Ctx } from "./context.ts";
import { discardImport } from "./discard-import.ts";
import { getImport } from "./get-import.ts";
import { listImports } from "./list-imports.ts";
import { listLicenses } from "./list-licenses.ts";
import { publishImport } from "./publish-import.ts";
import { startImport } from "./start-import.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
let owner: Ctx;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

const connect = () => createTestConnection(db, { workspaceId: owner.workspaceId });
const start = (connection: TestConnection, idempotencyKey?: string) =>
  startImport(owner, {
    connectionId: connection.connectionId,
    trigger: "manual",
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });
const runsOf = (importId: string) =>
  db.ownerSql<{ id: string; dataset: string; state: string; adopted: boolean }[]>`
    select r.id, r.dataset, r.state, i.adopted from import_runs i
    join dataset_runs r on r.workspace_id = i.workspace_id and r.id = i.run_id
    where i.workspace_id = ${owner.workspaceId} and i.import_id = ${importId} order by r.dataset`;
const runOf = async (importId: string, dataset: string) => {
  const run = (await runsOf(importId)).find((candidate) => candidate.dataset === dataset);
  if (run === undefined) throw new Error(`the import reads ${dataset}`);
  return { workspaceId: owner.workspaceId, runId: run.id };
};
const jobsOf = async (runIds: readonly string[]) => {
  const [row] = await db.ownerSql<{ jobs: number }[]>`
    select count(*)::int as jobs from pgboss.job
    where name in ('directory-run', 'slow-run') and state < 'completed' and singleton_key in ${db.ownerSql(runIds)}`;
  return row?.jobs;
};

describe("startImport", () => {
  it("answers 50 parallel requests with one import and one job per dataset", async () => {
    const connection = await connect();
    const answers = await Promise.all(Array.from({ length: 50 }, () => start(connection)));
    const ids = new Set(answers.map((answer) => answer.id));
    expect(ids.size).toBe(1);
    const [id = ""] = ids;
    const runs = await runsOf(id);
    expect(runs.map((run) => run.dataset)).toEqual(["directory", "sign-ins", "usage"]);
    expect(await jobsOf(runs.map((run) => run.id))).toBe(3);
    expect(
      (await listImports(owner, { connectionId: connection.connectionId })).items,
    ).toHaveLength(1);
  });

  it("takes an idempotency key once, on one connection, also in parallel", async () => {
    const [connection, other] = [await connect(), await connect()];
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => start(connection, key)));
    const [first] = answers;
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    await cancelImport(owner, { importId: first?.id ?? "" });
    expect(await start(connection, key)).toEqual(first);
    await expect(start(other, key)).rejects.toMatchObject({
      code: "conflict",
      existingId: first?.id,
    });
    expect((await listImports(owner, { connectionId: other.connectionId })).items).toEqual([]);
  });

  it("tells who else asked while it was under way, each once, and not who began it", async () => {
    const connection = await connect();
    const analyst = await createMember(db, web.platform, owner.workspaceId, "analyst");
    const { connectionId } = connection;
    const { id } = await start(connection);
    await start(connection);
    for (const trigger of ["manual", "manual", "api"] as const) {
      await startImport(analyst, { connectionId, trigger });
    }
    const joins = (await getImport(owner, { importId: id })).joinedBy;
    expect(joins.map(({ trigger, requestedBy }) => [trigger, requestedBy])).toEqual([
      ["manual", analyst.actor.name],
      ["api", analyst.actor.name],
    ]);
    await cancelImport(owner, { importId: id });
    const { id: next } = await start(connection);
    expect((await getImport(owner, { importId: next })).joinedBy).toEqual([]);
  });

  it("remembers the key of whoever joined an import that was under way", async () => {
    const connection = await connect();
    const first = await start(connection);
    const key = randomUUID();
    expect(await start(connection, key)).toEqual(first);
    await cancelImport(owner, { importId: first.id });
    expect(await start(connection, key)).toEqual(first);
  });

  it("lets one of two connections that race for a key have it", async () => {
    const connections = await Promise.all([connect(), connect()]);
    const key = randomUUID();
    const outcomes = await Promise.allSettled(
      connections.map((connection) => start(connection, key)),
    );
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find((outcome) => outcome.status === "rejected")).toMatchObject({
      reason: { code: "conflict" },
    });
  });

  it("adopts slow datasets that go on", async () => {
    const connection = await connect();
    const first = await start(connection);
    await cancelImport(owner, { importId: first.id, dataset: "directory" });
    const second = await start(connection);
    expect(second.id).not.toBe(first.id);
    const [before, after] = [await runsOf(first.id), await runsOf(second.id)];
    expect(after.map(({ dataset, adopted }) => [dataset, adopted])).toEqual([
      ["directory", false],
      ["sign-ins", true],
      ["usage", true],
    ]);
    expect(after.slice(1).map((run) => run.id)).toEqual(before.slice(1).map((run) => run.id));
  });

  it("is refused in every status that cannot be read, with a reason", async () => {
    for (const status of connectionStatuses) {
      const connection = await connect();
      await db.ownerSql`update connections set status = ${status} where id = ${connection.connectionId}`;
      if (importableStatuses.includes(status)) {
        expect((await start(connection)).id).toMatch(/^[0-9a-f-]{36}$/);
      } else {
        await expect(start(connection)).rejects.toMatchObject({ code: "conflict" });
      }
    }
  });

  it("is limited to six an hour per connection, the scheduler not", async () => {
    const connection = await connect();
    for (let count = 0; count < 6; count += 1) {
      await cancelImport(owner, { importId: (await start(connection)).id });
    }
    await expect(start(connection)).rejects.toMatchObject({
      code: "rate-limited",
      retryAfter: expect.any(Number),
    });
    expect((await start(await connect())).id).toBeTruthy();
    const system: Ctx = {
      ...owner,
      actor: { kind: "system", id: "scheduler", name: "Seatledger", role: "owner" },
    };
    const { connectionId } = connection;
    await expect(startImport(owner, { connectionId, trigger: "scheduled" })).rejects.toMatchObject({
      code: "invalid",
    });
    expect((await startImport(system, { connectionId, trigger: "scheduled" })).id).toBeTruthy();
  });
});

const skus = [
  skuRow(1, {
    consumedUnits: 30,
    prepaidUnits: { enabled: 40, expiring: 0, suspended: 0, lockedOut: 0 },
  }),
];
const users = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    userRow(index + 1, { assignments: [assignmentRow(1)] }),
  );

describe("cancelImport", () => {
  it("fences a worker that still holds the run, and a new import may publish at once", async () => {
    const connection = await connect();
    const store = createImportStore(db.worker);
    const first = await start(connection);
    const held = await store.begin(await runOf(first.id, "directory"));
    if (held === null) throw new Error("a queued run begins");
    expect(await cancelImport(owner, { importId: first.id })).toEqual({
      datasets: expect.arrayContaining(["directory", "sign-ins", "usage"]),
    });
    expect((await getImport(owner, { importId: first.id })).state).toBe("cancelled");
    const second = await start(connection);
    expect(second.id).not.toBe(first.id);
    const late = {
      read: "users",
      attempt: 1,
      pageNo: 1,
      page: page(users(3)),
      retries: 0,
    } as const;
    expect(await writePage(store, held, late)).toBe("superseded");
    expect(await store.publish(held)).toBe("superseded");
    expect(await store.begin(await runOf(second.id, "directory"))).not.toBeNull();
    expect(await cancelImport(owner, { importId: first.id })).toEqual({ datasets: [] });
  });
});

describe("a held import", () => {
  const holdOne = async () => {
    const connection = await connect();
    const store = createImportStore(db.worker);
    const arranged = { db, store, connection };
    await publishDirectory(arranged, { skus, users: users(30) });
    const { id } = await start(connection);
    const { runId } = await runOf(id, "directory");
    // The fixture makes runs of its own: this one takes the queued run's place in the import.
    await db.ownerSql`update dataset_runs set state = 'cancelled' where id = ${runId}`;
    const run = await writeDirectory(arranged, { skus, users: users(5) });
    await db.ownerSql`update import_runs set run_id = ${run.runId} where import_id = ${id} and run_id = ${runId}`;
    const figures = { rows: 5, skus: 1, skuIds: [], consumed: 5, reported: 30 };
    await store.hold(run, {
      reasons: ["rows-fell"],
      before: { ...figures, rows: 30, consumed: 30 },
      after: figures,
    });
    return { importId: id, connectionId: connection.connectionId };
  };
  const consumed = async (connectionId: string) =>
    (await listLicenses(owner, { connectionId })).items[0]?.consumed;

  it("changes nothing until somebody publishes it; of two decisions one wins", async () => {
    const { importId, connectionId } = await holdOne();
    expect(await consumed(connectionId)).toBe(30);
    const item = await getImport(owner, { importId });
    expect(item.datasets[0]).toMatchObject({ state: "suspect", hold: { after: { rows: 5 } } });
    const decisions = await Promise.allSettled([
      publishImport(owner, { importId }),
      discardImport(owner, { importId }),
    ]);
    const winners = decisions.filter((decision) => decision.status === "fulfilled");
    expect(winners).toHaveLength(1);
    expect(await consumed(connectionId)).toBe(decisions[0]?.status === "fulfilled" ? 5 : 30);
    const events = await db.ownerSql<{ action: string }[]>`
      select action from audit_events where target_id = ${importId} and action <> 'import.started'`;
    expect(events).toHaveLength(1);
  });

  it("leaves the published numbers when it is discarded", async () => {
    const { importId, connectionId } = await holdOne();
    expect(await discardImport(owner, { importId })).toEqual({ datasets: ["directory"] });
    expect(await consumed(connectionId)).toBe(30);
    await expect(publishImport(owner, { importId })).rejects.toMatchObject({ code: "conflict" });
  });
});
