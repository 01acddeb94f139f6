import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControlBody } from "#lib/microsoft/testing/simulated-tenant";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { readLicenses, readReconciliation, readSeats } from "../../db/testing/published-rows.ts";
import {
  connectSimulatedTenant,
  type FullTruth,
  readFullTruth,
  type SimulatedImport,
  type TrueSeat,
  type TrueSources,
  trueActivity,
} from "../../db/testing/simulated-import.ts";
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

const connect = (request: ControlBody = {}): Promise<SimulatedImport> => {
  serial += 1;
  return connectSimulatedTenant(db, simulator, { seed: `import ${serial}`, size: 300, ...request });
};
const truthOf = ({ tenant }: SimulatedImport): Promise<FullTruth> =>
  readFullTruth(simulator, tenant.tenantId);

const seatKey = (seat: TrueSeat): string => `${seat.userId}/${seat.skuId}`;
const comparable = (seats: readonly TrueSeat[]) =>
  seats
    .map(({ userId, skuId, held, origin, error, groupIds, since }) => ({
      userId,
      skuId,
      held,
      origin,
      error,
      // An assignment that failed gives no origin: its group is no part of it.
      groupIds: held ? [...new Set(groupIds)].toSorted() : [],
      since: held ? since : null,
    }))
    .toSorted((a, b) => seatKey(a).localeCompare(seatKey(b)));

/** Published rows and positions against the simulator's truth, seat by seat. */
async function expectTruth(imported: SimulatedImport, sources: TrueSources | null): Promise<void> {
  const truth = await truthOf(imported);
  const seats = await readSeats(db, imported.connection);
  expect(comparable(seats)).toEqual(comparable(truth.seats));
  const licenses = await readLicenses(db, imported.connection);
  const day = (await readReconciliation(db, imported.connection))?.evaluatedOn ?? "";
  const wanted = truth.skus.filter((sku) => sku.listed || sku.holders > 0);
  expect(licenses.map((license) => license.skuId)).toEqual(wanted.map((sku) => sku.skuId));
  for (const [index, sku] of wanted.entries()) {
    const company = sku.appliesTo === "Company";
    const activity = sources && trueActivity(truth, sku.skuId, sources, day);
    expect(licenses[index]).toMatchObject({
      type: company ? "tenant" : "named-user",
      status: "active",
      enabled: sku.units?.enabled ?? 0,
      expiring: sku.units?.warning ?? 0,
      suspended: sku.units?.suspended ?? 0,
      lockedOut: sku.units?.lockedOut ?? 0,
      trial: sku.trialUnits,
      consumed: company ? null : sku.holders,
      reported: company || !sku.listed ? null : sku.holders,
      difference: company || !sku.listed ? null : { total: 0, moved: 0, unexplained: 0 },
      assigned: company ? null : sku.assigned,
      blocked: company ? null : sku.blocked,
      guests: company ? null : sku.guests,
      activity: company ? null : activity,
    });
  }
}

describe("a clean import equals the truth", () => {
  it.each(["tidy", "acquired", "small"])("of a %s tenant, dataset by dataset", async (profile) => {
    const imported = await connect({ profile, size: 400 });
    expect(await imported.import("directory")).toEqual({ kind: "published" });
    await expectTruth(imported, null);
    expect(await imported.import("sign-ins")).toEqual({ kind: "published" });
    await expectTruth(imported, { signIns: true, usage: false });
    expect(await imported.import("usage")).toEqual({ kind: "published" });
    await expectTruth(imported, { signIns: true, usage: true });
  });

  it("unchanged at the second time: only the date moves (A27)", async () => {
    const imported = await connect();
    await imported.import("directory");
    const first = await readReconciliation(db, imported.connection);
    const asOf = () => db.ownerSql<{ id: string; as_of: Date }[]>`
      select id, as_of from snapshots
      where connection_id = ${imported.connection.connectionId} and state <> 'removing'`;
    const [before] = await asOf();
    expect(await imported.import("directory")).toEqual({ kind: "unchanged" });
    expect(await readReconciliation(db, imported.connection)).toEqual(first);
    const after = await asOf();
    expect(after.map(({ id }) => id)).toEqual([before?.id]);
    expect(after[0]?.as_of.getTime()).toBeGreaterThan(before?.as_of.getTime() ?? 0);
    await expectTruth(imported, null);
  });
});

describe("faults that pass change nothing of what is published", () => {
  it.each<[string, ControlBody[]]>([
    ["B1 throttled at every second request", [{ kind: "throttle", seconds: 0, every: 2 }]],
    ["B4 503 and HTML", [{ kind: "server-error", status: 503, body: "html", every: 3 }]],
    ["B4 200 with HTML", [{ kind: "server-error", status: 200, body: "html", every: 4 }]],
    ["B5 resets", [{ kind: "reset", stream: "users", times: 2 }]],
    ["B5 truncated JSON", [{ kind: "truncated", every: 3 }]],
    [
      "B9 expired page token",
      [{ kind: "expired-page-token", endpoint: "users", page: 2, times: 2 }],
    ],
    ["B10 the same users on two pages", [{ kind: "duplicate-rows", endpoint: "users", count: 3 }]],
    ["B13 one 401", [{ kind: "unauthorized", endpoint: "users", page: 2, times: 1 }]],
    ["B35 users that are deleted as well", [{ kind: "listed-and-deleted", count: 5 }]],
    ["B21 an unknown SKU", [{ kind: "unknown-sku" }]],
  ])("%s", async (_, faults) => {
    const imported = await connect({ size: 2200 });
    await imported.tenant.setFaults(faults);
    expect(await imported.import("directory")).toEqual({ kind: "published" });
    await expectTruth(imported, null);
  });
});

describe("a run that is interrupted", () => {
  it("goes on elsewhere from its last page: exact rows, no page fetched twice (A1, A10)", async () => {
    const imported = await connect({ size: 3300 });
    const run = await imported.begin("directory");
    const stop = new AbortController();
    const first: string[] = [];
    const onPage = (pages: string[]) => (read: string, pageNo: number) => {
      pages.push(`${read} ${pageNo}`);
      if (pages === first && read === "users" && pageNo === 2) stop.abort();
    };
    expect(await imported.work(run, { signal: stop.signal, onPage: onPage(first) })).toEqual({
      kind: "stopped",
    });
    const resumed = await imported.store.begin(run);
    const second: string[] = [];
    expect(resumed && (await imported.work(resumed, { onPage: onPage(second) }))).toEqual({
      kind: "published",
    });
    expect(first).toContain("users 2");
    expect(second).toContain("users 3");
    expect(first.filter((page) => second.includes(page))).toEqual([]);
    await expectTruth(imported, null);
  });

  it("is fenced when a second worker takes it: only the winner's rows count (A8)", async () => {
    const imported = await connect({ size: 2200 });
    const zombie = await imported.begin("directory");
    const winner = await imported.store.begin(zombie);
    const [late, won] = await Promise.all([imported.work(zombie), winner && imported.work(winner)]);
    expect([late, won]).toEqual([{ kind: "superseded" }, { kind: "published" }]);
    await expectTruth(imported, null);
  });
});
