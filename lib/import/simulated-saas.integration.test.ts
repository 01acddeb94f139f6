import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import { tenantFromRequest } from "#simulator/specs";
import type { Tenant } from "#simulator/store/tenant";
import { truthOf } from "#simulator/store/truth";
import { createWorkspace } from "../../db/testing/factories.ts";
import { type PublishedLicense, readLicenses } from "../../db/testing/published-rows.ts";
import { connectSimulatedSaas, type SimulatedSaas } from "../../db/testing/simulated-saas.ts";
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

interface Connected extends SimulatedSaas {
  readonly tenant: Tenant;
}

async function connect(organisation: Partial<OrganisationRequest> = {}): Promise<Connected> {
  serial += 1;
  const spec = tenantFromRequest({ seed: `saas ${serial}`, size: 260, profile: "acquired" });
  const tenant = simulator.store.addTenant(spec);
  const { workspaceId } = await createWorkspace(db);
  const saas = await connectSimulatedSaas(db, simulator, {
    workspaceId,
    tenantId: spec.id,
    organisation,
  });
  return { ...saas, tenant };
}

const licensesOf = (saas: SimulatedSaas) => readLicenses(db, saas.connection);

/** What the organisation's accounts hold: those Microsoft has blocked are deactivated there. Seats by part number. */
function heldSeats(tenant: Tenant): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const user of tenant.consumers()) {
    if (!user.enabled) continue;
    for (const { sku } of user.licenses) {
      held.set(sku.skuId, (held.get(sku.skuId) ?? 0) + 1);
    }
  }
  return held;
}

/** User SKUs that are listed, with the units that were sold. */
async function soldUnits(tenant: Tenant): Promise<ReadonlyMap<string, number>> {
  const truth = await truthOf(tenant);
  return new Map(
    truth.skus.flatMap(({ skuId, appliesTo, units }) =>
      units === null || appliesTo !== "User" ? [] : [[skuId, units.enabled + units.warning]],
    ),
  );
}

const problemsOf = async ({ connection }: SimulatedSaas) =>
  db.ownerSql<{ read: string; problems: Record<string, number>; unexpected: string[] }[]>`
    select c.read, c.problems, c.unexpected from read_checkpoints c
    join dataset_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id
    where r.connection_id = ${connection.connectionId} order by c.read`;

const expectFigures = async (saas: Connected, licenses: readonly PublishedLicense[]) => {
  const held = heldSeats(saas.tenant);
  const sold = await soldUnits(saas.tenant);
  const figures = licenses.map(({ skuId, entitled, consumed }) => [skuId, entitled, consumed]);
  expect(figures).toEqual(
    [...new Set([...sold.keys(), ...held.keys()])]
      .toSorted()
      .map((skuId) => [skuId, sold.get(skuId) ?? null, held.get(skuId) ?? 0]),
  );
};

describe("a managed application", () => {
  it("is imported: units of its terms, seats of those not deactivated, everything else not reported", async () => {
    const saas = await connect();
    expect(await saas.import()).toEqual({ kind: "published" });
    const licenses = await licensesOf(saas);
    expect(licenses.length).toBeGreaterThan(5);
    await expectFigures(saas, licenses);
    for (const license of licenses) {
      expect(license).toMatchObject({
        type: "named-user",
        status: "active",
        enabled: null,
        expiring: null,
        suspended: null,
        lockedOut: null,
        reported: null,
        difference: null,
        assigned: null,
        activity: null,
        blocked: null,
        guests: null,
        trial: null,
      });
      const { enabled, reported, assigned, activity, blocked, trial } = license.unavailable;
      expect([enabled, reported, assigned, blocked, trial]).toEqual(Array(5).fill("not-reported"));
      expect(activity).toBe("not-imported");
    }
    for (const dataset of ["sign-ins", "usage"] as const) {
      expect(await saas.import(dataset)).toMatchObject({
        failure: { code: "not-in-saas-management" },
      });
    }
    const [first] = await licensesOf(saas);
    expect(first?.unavailable).toMatchObject({ activity: "not-reported" });
    expect(await saas.import()).toEqual({ kind: "unchanged" });
  });

  it("with an application below it: licenses of both, and nobody's seats are lost or counted twice", async () => {
    const whole = await connect();
    const parts = [...(await truthOf(whole.tenant)).skus].flatMap(({ partNumber, holders }) =>
      partNumber !== null && holders > 3 ? [partNumber] : [],
    );
    await whole.set({ below: parts.slice(0, 3) });
    expect(await whole.import()).toEqual({ kind: "published" });
    await expectFigures(whole, await licensesOf(whole));
    expect(await whole.import()).toEqual({ kind: "unchanged" });
  });

  it("names its licenses by its own ids, and never by a product's name", async () => {
    const saas = await connect({ faults: [{ kind: "licenses", shape: "own-ids" }] });
    expect(await saas.import()).toEqual({ kind: "published" });
    const held = heldSeats(saas.tenant);
    const licenses = await licensesOf(saas);
    const unmapped = licenses.filter(({ skuId }) => skuId === null);
    expect(unmapped.length).toBeGreaterThan(5);
    for (const license of unmapped) {
      expect(license).toMatchObject({ consumed: null, compliance: "unknown", status: "active" });
      expect(license.entitled).toBeGreaterThanOrEqual(0);
    }
    const byPeople = licenses.filter(({ skuId }) => skuId !== null);
    expect(byPeople.map(({ skuId, consumed, entitled }) => [skuId, consumed, entitled])).toEqual(
      [...held].toSorted().map(([skuId, seats]) => [skuId, seats, null]),
    );
  });

  it("one that is not there any more fails its import and says so", async () => {
    const saas = await connect();
    await saas.import();
    const before = await licensesOf(saas);
    await saas.set({ goneTenantIds: [saas.tenant.spec.id] });
    expect(await saas.import()).toMatchObject({
      failure: { class: "tenant", code: "saas-app-gone" },
    });
    expect(await licensesOf(saas)).toEqual(before);
  });
});

describe("bad input", () => {
  it.each([
    ["without-units", "no-units"],
    ["missing", "no-terms"],
    ["backwards", "ends-before-it-begins"],
  ] as const)(
    "terms %s: what a license entitles to is unknown, never 0, and named as %s",
    async (shape, note) => {
      const saas = await connect({ faults: [{ kind: "terms", shape }] });
      expect(await saas.import()).toEqual({ kind: "published" });
      for (const license of await licensesOf(saas)) {
        expect(license).toMatchObject({ entitled: null, available: null });
        expect(["unknown", "not-applicable"]).toContain(license.compliance);
        expect(license.unavailable.entitled).toBe("not-reported");
        expect(license.consumed).not.toBeNull();
      }
      const named = (await problemsOf(saas)).flatMap(({ unexpected }) => unexpected);
      expect([...new Set(named)]).toEqual([note]);
      const problems = await db.ownerSql`
        select distinct t.problem from snapshot_terms t
        join snapshots s on s.workspace_id = t.workspace_id and s.id = t.snapshot_id
        where s.connection_id = ${saas.connection.connectionId}`;
      expect(problems.map(({ problem }) => problem)).toEqual(note === "no-terms" ? [] : [note]);
    },
  );

  it("an application that comes twice alike is one; told in two ways it is held", async () => {
    const saas = await connect({ faults: [{ kind: "twice" }] });
    expect(await saas.import()).toEqual({ kind: "published" });
    await expectFigures(saas, await licensesOf(saas));
    const notes = async () => (await problemsOf(saas)).flatMap(({ unexpected }) => unexpected);
    expect(new Set(await notes())).toEqual(new Set(["listed-twice"]));
    await saas.set({ faults: [{ kind: "twice", differing: true }] });
    expect(await saas.import()).toMatchObject({
      kind: "held",
      hold: { reasons: ["quarantined-rows"] },
    });
    const problems = (await problemsOf(saas)).flatMap((read) => Object.keys(read.problems));
    expect(problems).toContain("id: listed twice");
  });

  it("an application without a single license is named: what people may use is unknown", async () => {
    const saas = await connect({ faults: [{ kind: "licenses", shape: "none" }] });
    expect(await saas.import()).toEqual({ kind: "published" });
    const licenses = await licensesOf(saas);
    expect(licenses.map(({ skuId, consumed }) => [skuId, consumed])).toEqual(
      [...heldSeats(saas.tenant)].toSorted(),
    );
    expect(licenses.every(({ entitled }) => entitled === null)).toBe(true);
    const named = (await problemsOf(saas)).flatMap(({ unexpected }) => unexpected);
    expect(new Set(named)).toEqual(new Set(["no-licenses"]));
  });

  it.each([
    ["alike is one, and noted", false],
    ["in two ways is held", true],
  ])("a license that is listed twice %s", async (_title, differing) => {
    const saas = await connect({ faults: [{ kind: "licenses", shape: "twice", differing }] });
    if (!differing) {
      expect(await saas.import()).toEqual({ kind: "published" });
      await expectFigures(saas, await licensesOf(saas));
      const named = (await problemsOf(saas)).flatMap(({ unexpected }) => unexpected);
      expect(new Set(named)).toEqual(new Set(["license-listed-twice"]));
      return;
    }
    expect(await saas.import()).toMatchObject({ hold: { reasons: ["quarantined-rows"] } });
    const problems = (await problemsOf(saas)).flatMap((read) => Object.keys(read.problems));
    expect(problems).toContain("licenses: listed twice");
  });

  it("a license without an id is named and held", async () => {
    const saas = await connect({ faults: [{ kind: "licenses", shape: "without-id" }] });
    expect(await saas.import()).toMatchObject({ hold: { reasons: ["quarantined-rows"] } });
    expect(await licensesOf(saas)).toEqual([]);
  });

  it("two licenses of one SKU: none is given its people, and nothing is counted twice", async () => {
    const saas = await connect({ faults: [{ kind: "licenses", shape: "doubled" }] });
    expect(await saas.import()).toEqual({ kind: "published" });
    const licenses = await licensesOf(saas);
    const sold = await soldUnits(saas.tenant);
    const own = licenses.filter(({ skuId }) => skuId === null);
    expect(own).toHaveLength(sold.size * 2);
    expect(own.every(({ consumed, entitled }) => consumed === null && entitled !== null)).toBe(
      true,
    );
    const seats = licenses.flatMap(({ consumed }) => consumed ?? []);
    const held = [...heldSeats(saas.tenant).values()];
    expect(seats.reduce((a, b) => a + b, 0)).toBe(held.reduce((a, b) => a + b, 0));
  });

  it("accounts that name no SKU tell nothing of who holds what", async () => {
    const saas = await connect({ faults: [{ kind: "users", shape: "without-skus" }] });
    expect(await saas.import()).toEqual({ kind: "published" });
    const licenses = await licensesOf(saas);
    expect(licenses.length).toBeGreaterThan(5);
    expect(licenses.every(({ consumed, entitled }) => consumed === null && entitled !== null)).toBe(
      true,
    );
  });

  it("SKUs nobody knows are licenses of their own, by the application's name for them", async () => {
    const saas = await connect({ faults: [{ kind: "users", shape: "own-skus" }] });
    expect(await saas.import()).toEqual({ kind: "published" });
    const rows = await db.ownerSql<{ external_id: string; name: string; consumed: number }[]>`
      select l.external_id, l.product_name as name, p.consumed from licenses l
      join license_positions p on p.workspace_id = l.workspace_id and p.license_id = l.id
      where l.connection_id = ${saas.connection.connectionId} and l.external_id like 'sku:%'`;
    const seats = [...heldSeats(saas.tenant).values()].toSorted((a, b) => a - b);
    expect(rows.map(({ consumed }) => consumed).toSorted((a, b) => a - b)).toEqual(seats);
    expect(rows.every((row) => row.external_id === `sku:${row.name}`)).toBe(true);
  });

  it.each([
    ["a list that ends early", [{ kind: "short-list" }], "unreadable-response"],
    ["a page that leads to itself", [{ kind: "next-page", to: "same" }], "link-loop"],
    ["a page elsewhere", [{ kind: "next-page", to: "https://evil.example/x" }], "link-refused"],
    [
      "an application below elsewhere",
      [{ kind: "child-href", href: "https://evil.example/" }],
      "link-refused",
    ],
    ["a role that is missing", [{ kind: "status", status: 403, times: 99 }], "saas-role-missing"],
    [
      "an organisation that is gone",
      [{ kind: "status", status: 404, times: 99 }],
      "saas-not-found",
    ],
    ["a token that is refused", [{ kind: "status", status: 401, times: 99 }], "saas-token-refused"],
  ] as const)("%s is no complete read: what was published stays", async (_title, faults, code) => {
    const saas = await connect();
    await saas.import();
    const before = await licensesOf(saas);
    await saas.set({ faults: [...faults] });
    expect(await saas.import()).toMatchObject({ kind: "failed", failure: { code } });
    expect(await licensesOf(saas)).toEqual(before);
  });

  it("waits for a limit, goes on through faults that pass, and renews a token that ends in the middle", async () => {
    const saas = await connect({
      tokenLifetimeSeconds: 1,
      pageSize: 20,
      faults: [
        { kind: "status", status: 429, retryAfter: "2" },
        { kind: "status", status: 502, times: 2 },
      ],
    });
    expect(await saas.import()).toEqual({ kind: "published" });
    await expectFigures(saas, await licensesOf(saas));
    const [{ retries } = { retries: 0 }] = await db.ownerSql<{ retries: number }[]>`
      select sum(c.retries)::int as retries from read_checkpoints c
      join dataset_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id
      where r.connection_id = ${saas.connection.connectionId}`;
    expect(retries).toBeGreaterThanOrEqual(3);
  });
});
