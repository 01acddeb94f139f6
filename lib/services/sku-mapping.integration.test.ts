import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { readLicenses } from "#db/testing/published-rows";
import { connectSimulatedSaas, type SimulatedSaas } from "#db/testing/simulated-saas";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import { tenantFromRequest } from "#simulator/specs";
import type { Ctx } from "./context.ts";
import { getAccount } from "./get-account.ts";
import { getLicense } from "./get-license.ts";
import { getSkuMapping } from "./get-sku-mapping.ts";
import { listAuditEvents } from "./list-audit-events.ts";
import { listLicenses } from "./list-licenses.ts";
import { listProducts } from "./list-products.ts";
import { mapSku } from "./map-sku.ts";
import { simulatedWorld } from "./testing/simulated-world.ts";
import { createMember } from "./testing/web.ts";
import { unmapSku } from "./unmap-sku.ts";

const world = simulatedWorld("mapping");

interface Arranged {
  readonly owner: Ctx;
  readonly connectionId: string;
  readonly saas: SimulatedSaas;
}

async function arrange(faults: OrganisationRequest["faults"]): Promise<Arranged> {
  const spec = tenantFromRequest({ seed: world.seed(), size: 120, profile: "tidy" });
  world.simulator.store.addTenant(spec);
  const { workspaceId } = await createWorkspace(world.db);
  const owner = await createMember(world.db, world.web.platform, workspaceId, "owner");
  const saas = await connectSimulatedSaas(world.db, world.simulator, {
    workspaceId,
    tenantId: spec.id,
    organisation: { faults },
  });
  expect(await saas.import()).toEqual({ kind: "published" });
  return { owner, connectionId: saas.connection.connectionId, saas };
}

const ownIds = [{ kind: "licenses", shape: "own-ids" }] as const;
const view = ({ owner, connectionId }: Arranged) => getSkuMapping(owner, { connectionId });

describe("licenses by ids of the application's own", () => {
  it("are listed until they are mapped, and stand for their product from the next import on", async () => {
    const arranged = await arrange([...ownIds]);
    const { owner, connectionId, saas } = arranged;
    const before = await view(arranged);
    expect(before.open).toBe(before.licenses.length);
    const [license] = before.licenses;
    const [held] = before.skus;
    if (license === undefined || held?.product == null) throw new Error("both are there");
    expect(license).toMatchObject({ product: null, resolution: "unknown-sku", pending: false });
    const { externalId } = license;
    const { skuId } = held.product;
    await mapSku(owner, { connectionId, kind: "license", externalId, skuId });
    const find = async () =>
      (await view(arranged)).licenses.find((one) => one.externalId === externalId);
    expect(await find()).toMatchObject({
      product: null,
      pending: true,
      mapped: { product: { skuId } },
    });
    expect((await view(arranged)).open).toBe(before.open - 1);
    const recordOf = async () =>
      (await readLicenses(world.db, saas.connection)).filter((row) => row.skuId === skuId);
    expect(await recordOf()).toMatchObject([{ entitled: null, consumed: held.seats }]);

    expect(await saas.import()).toEqual({ kind: "published" });
    expect(await find()).toMatchObject({
      product: { skuId },
      resolution: "mapping",
      pending: false,
    });
    const records = await recordOf();
    expect(records.find(({ status }) => status === "active")).toMatchObject({
      entitled: license.entitled,
      consumed: held.seats,
    });
    // What people held without a license is no counterpart of anything any more.
    expect(records).toHaveLength(1);
    expect((await listAuditEvents(owner, { action: "sku.mapped" })).items).toMatchObject([
      { targetId: connectionId, details: { kind: "license", externalId, skuId, before: null } },
    ]);

    await unmapSku(owner, { connectionId, kind: "license", externalId });
    expect(await find()).toMatchObject({ product: { skuId }, pending: true, mapped: null });
    expect(await saas.import()).toEqual({ kind: "published" });
    expect(await find()).toMatchObject({ product: null, resolution: "unknown-sku" });
    expect((await listAuditEvents(owner, { action: "sku.unmapped" })).items).toHaveLength(1);
  });

  it("one license at most stands for a product", async () => {
    const arranged = await arrange([...ownIds]);
    const { owner, connectionId } = arranged;
    const { licenses } = await view(arranged);
    const [first, second] = licenses.map(({ externalId }) => externalId);
    const [product] = (await listProducts(owner)).items;
    const skuId = product?.skuId ?? "";
    const map = (externalId = "") =>
      mapSku(owner, { connectionId, kind: "license", externalId, skuId });
    await map(first);
    await map(first);
    await expect(map(second)).rejects.toMatchObject({ code: "conflict" });
    expect((await listAuditEvents(owner, { action: "sku.mapped" })).items).toHaveLength(1);
    await unmapSku(owner, { connectionId, kind: "license", externalId: first ?? "" });
    await map(second);
  });
});

it("names of SKUs are mapped whatever their case, and stay to be unmapped", async () => {
  const arranged = await arrange([{ kind: "users", shape: "own-skus" }]);
  const { owner, connectionId, saas } = arranged;
  const { skus, licenses } = await view(arranged);
  const [named] = skus;
  const target = licenses.find(({ product }) => product !== null)?.product?.skuId ?? "";
  expect(named).toMatchObject({ product: null, pending: false });
  const externalId = named?.name.toLowerCase() ?? "";
  await mapSku(owner, { connectionId, kind: "sku", externalId, skuId: target });
  expect(await saas.import()).toEqual({ kind: "published" });
  const [license] = (await readLicenses(world.db, saas.connection)).filter(
    ({ skuId, status }) => skuId === target && status === "active",
  );
  expect(license?.consumed).toBe(named?.seats);
  expect((await view(arranged)).skus.find(({ seats }) => seats === null)).toMatchObject({
    name: externalId.toUpperCase(),
    product: { skuId: target },
  });
  await unmapSku(owner, { connectionId, kind: "sku", externalId });
});

it.each([
  { kind: "licenses", shape: "own-ids" },
  { kind: "users", shape: "own-skus" },
] as const)("an account's panel names what it holds: $kind with $shape", async (fault) => {
  const { owner, connectionId } = await arrange([fault]);
  const [account] = await world.db.ownerSql<{ userId: string; held: number }[]>`
    select u.user_id as "userId", count(*)::int as held
    from dataset_epochs e
    join snapshot_assignments a on a.workspace_id = e.workspace_id and a.snapshot_id = e.snapshot_id
    join snapshot_users u on u.workspace_id = e.workspace_id and u.snapshot_id = e.snapshot_id
      and u.user_no = a.user_no
    where e.connection_id = ${connectionId} and e.dataset = 'directory' and a.holds
    group by u.user_id order by held desc, u.user_id limit 1`;
  if (account === undefined) throw new Error("Somebody holds something.");
  const { licenses } = await getAccount(owner, { connectionId, userId: account.userId });
  expect(licenses).toHaveLength(account.held);
  for (const { licenseId, productName } of licenses) {
    expect(await getLicense(owner, { licenseId })).toMatchObject({ productName });
  }
});

it.each([
  ["without-units", "no-units", "no number of items (# of items)"],
  ["backwards", "ends-before-it-begins", "ends before it begins"],
  ["missing", null, "tells no term"],
] as const)(
  "terms %s: shown with units unknown, and why in words",
  async (shape, problem, words) => {
    const arranged = await arrange([{ kind: "terms", shape }]);
    const { licenses } = await view(arranged);
    expect(licenses.length).toBeGreaterThan(3);
    for (const { entitled, entitledUnknown, terms } of licenses) {
      expect([entitled, terms.map((term) => term.problem)]).toEqual([
        null,
        problem === null ? [] : [problem],
      ]);
      expect(entitledUnknown).toContain(words);
    }
    const { items } = await listLicenses(arranged.owner, { connectionId: arranged.connectionId });
    const [item] = items.filter(({ skuId }) => skuId !== null);
    const license = await getLicense(arranged.owner, { licenseId: item?.id ?? "" });
    expect(license).toMatchObject({
      entitled: null,
      unavailable: { entitled: "not-reported" },
      application: { entitledUnknown: expect.stringContaining(words) },
    });
  },
);

describe("refusals", () => {
  it("a product nobody knows, a connection of another source or workspace", async () => {
    const arranged = await arrange([...ownIds]);
    const { owner, connectionId } = arranged;
    const wanted = { connectionId, kind: "license", externalId: "7000" } as const;
    const [product] = (await listProducts(owner)).items;
    const skuId = product?.skuId ?? "";
    await expect(mapSku(owner, { ...wanted, skuId: randomUUID() })).rejects.toMatchObject({
      code: "invalid",
      fields: { skuId: expect.any(String) },
    });
    await unmapSku(owner, wanted);
    expect((await listAuditEvents(owner, { action: "sku.unmapped" })).items).toEqual([]);
    const { owner: stranger } = await arrange([]);
    for (const call of [
      () => getSkuMapping(stranger, { connectionId }),
      () => mapSku(stranger, { ...wanted, skuId }),
      () => unmapSku(stranger, wanted),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "not-found" });
    }
  });

  it("before the first import there is nothing to map", async () => {
    const { owner } = await arrange([]);
    const { workspaceId } = owner;
    const spec = tenantFromRequest({ seed: "mapping, not imported", size: 20, profile: "tidy" });
    world.simulator.store.addTenant(spec);
    const other = await connectSimulatedSaas(world.db, world.simulator, {
      workspaceId,
      tenantId: spec.id,
    });
    const { connectionId } = other.connection;
    expect(await getSkuMapping(owner, { connectionId })).toEqual({
      read: null,
      licenses: [],
      skus: [],
      open: 0,
      takenOver: null,
    });
  });
});
