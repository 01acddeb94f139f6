import { afterAll, beforeAll, expect, it } from "vitest";
import { changeKindAt, seatEffect } from "#lib/domain/change";
import type { ControlBody } from "#lib/microsoft/testing/simulated-tenant";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { compareAll } from "../testing/published-snapshots.ts";
import {
  connectSimulatedTenant,
  readFullTruth,
  type SimulatedImport,
} from "../testing/simulated-import.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

let db: TestDatabase;
let simulator: Simulator;
beforeAll(async () => {
  db = await createTestDatabase();
  simulator = await createSimulator({ tenants: [] });
});
afterAll(async () => {
  await simulator?.close();
  await db?.close();
});

/** Every seat of the simulator's truth as `sku user`. */
const trueSeats = async ({ tenant }: SimulatedImport): Promise<Set<string>> => {
  const { seats } = await readFullTruth(simulator, tenant.tenantId);
  return new Set(seats.filter(({ held }) => held).map((seat) => `${seat.skuId} ${seat.userId}`));
};

/** The newest change set of a connection: its seats by effect, and how many rows each kind has. */
async function lastChanges({ connection }: SimulatedImport) {
  const rows = await db.ownerSql<{ kind: number; pair: string }[]>`
    select c.kind, n.sku_id || ' ' || c.user_id as pair
    from changes c
    join sku_numbers n on n.workspace_id = c.workspace_id and n.no = c.sku_no
    where c.change_set_id = (select max(id) from change_sets
      where connection_id = ${connection.connectionId})`;
  const changes = rows.map(({ kind, pair }) => ({ kind: changeKindAt(kind), pair }));
  return {
    gained: changes.filter(({ kind }) => seatEffect(kind) === 1).map(({ pair }) => pair),
    lost: changes.filter(({ kind }) => seatEffect(kind) === -1).map(({ pair }) => pair),
    kinds: [...new Set(changes.map(({ kind }) => kind))],
  };
}

it("follows a simulated tenant seat by seat: there and back again", async () => {
  const imported = await connectSimulatedTenant(db, simulator, { seed: "changes", size: 300 });
  const { skus } = await readFullTruth(simulator, imported.tenant.tenantId);
  const rare = skus.filter((sku) => sku.listed).toSorted((a, b) => a.holders - b.holders)[0];
  await imported.import("directory");
  const steps: readonly {
    readonly faults: readonly ControlBody[];
    readonly kinds: readonly string[];
  }[] = [
    {
      faults: [
        { kind: "vanishing-user", count: 15 },
        { kind: "unknown-sku", count: 4 },
        { kind: "hidden-sku", sku: rare?.skuId },
        { kind: "prepaid-units", shape: "all-null", sku: "SPE_E3" },
      ],
      kinds: ["sku-gone", "units-enabled", "account-deleted", "seat-gained"],
    },
    {
      faults: [{ kind: "listed-and-deleted", count: 3 }],
      kinds: ["sku-new", "units-enabled", "account-deleted", "seat-lost", "account-created"],
    },
    { faults: [], kinds: ["account-created"] },
  ];
  for (const { faults, kinds } of steps) {
    const before = await trueSeats(imported);
    await imported.tenant.setFaults(faults);
    const after = await trueSeats(imported);
    await imported.import("directory");
    await compareAll(db);
    const changes = await lastChanges(imported);
    expect(changes.kinds).toEqual(expect.arrayContaining([...kinds]));
    expect(new Set(changes.lost)).toEqual(before.difference(after));
    expect(new Set(changes.gained)).toEqual(after.difference(before));
  }
});
