import { describe, expect, it } from "vitest";
import { publishHeldRun } from "#db/queries/publish";
import { createWorkspace } from "#db/testing/factories";
import { readLicenses } from "#db/testing/published-rows";
import { connectSimulatedTenant } from "#db/testing/simulated-import";
import { connectSimulatedSaas, type SimulatedSaas } from "#db/testing/simulated-saas";
import { unmappedLicenses } from "#lib/domain/switch-preview";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import { tenantFromRequest } from "#simulator/specs";
import { truthOf } from "#simulator/store/truth";
import type { Ctx } from "./context.ts";
import { getLicense } from "./get-license.ts";
import { getSkuMapping } from "./get-sku-mapping.ts";
import { getSwitchPreview } from "./get-switch-preview.ts";
import { mapSku } from "./map-sku.ts";
import { switchSource } from "./switch-source.ts";
import { simulatedWorld } from "./testing/simulated-world.ts";
import { createMember } from "./testing/web.ts";

const world = simulatedWorld("links");

interface Arranged {
  readonly owner: Ctx;
  readonly connectionId: string;
  readonly saas: SimulatedSaas;
  /** SKUs whose licenses and accounts are those of the application below, by part number. */
  readonly skuIds: ReadonlyMap<string, string>;
}

type Faults = NonNullable<OrganisationRequest["faults"]>;

/** The licenses below have ids that say nothing. */
const ownIds = (below: readonly string[]): Faults => [
  { kind: "licenses", shape: "own-ids", only: [...below] },
];

/** A tenant of which `count` SKUs that people hold are an application below the managed one. */
async function arrange(
  count: number,
  faults: (below: readonly string[]) => Faults = ownIds,
): Promise<Arranged> {
  const spec = tenantFromRequest({ seed: world.seed(), size: 120, profile: "tidy" });
  const tenant = world.simulator.store.addTenant(spec);
  const held = (await truthOf(tenant)).skus.flatMap(({ skuId, partNumber, holders, appliesTo }) =>
    partNumber !== null && holders > 3 && appliesTo === "User"
      ? [[partNumber, skuId] as const]
      : [],
  );
  const skuIds = new Map(held.slice(0, count));
  expect(skuIds.size).toBe(count);
  const { workspaceId } = await createWorkspace(world.db);
  const owner = await createMember(world.db, world.web.platform, workspaceId, "owner");
  const below = [...skuIds.keys()];
  const saas = await connectSimulatedSaas(world.db, world.simulator, {
    workspaceId,
    tenantId: spec.id,
    organisation: { below, faults: faults(below) },
  });
  return { owner, connectionId: saas.connection.connectionId, saas, skuIds };
}

const view = ({ owner, connectionId }: Arranged) => getSkuMapping(owner, { connectionId });
const below = async (arranged: Arranged) =>
  (await view(arranged)).licenses.filter(({ externalId }) => externalId.startsWith("5001/"));
const recordOf = async ({ saas }: Arranged, skuId: string) =>
  (await readLicenses(world.db, saas.connection)).filter((license) => license.skuId === skuId);

describe("a license whose id says nothing", () => {
  it("stands for the one SKU that the accounts of its application hold, with their seats", async () => {
    const arranged = await arrange(1);
    const [skuId = ""] = arranged.skuIds.values();
    expect(await arranged.saas.import()).toEqual({ kind: "published" });
    expect(await below(arranged)).toMatchObject([
      { resolution: "accounts", product: { skuId }, candidates: [], mapped: null },
    ]);
    expect((await view(arranged)).open).toBe(0);
    const records = await recordOf(arranged, skuId);
    expect(records).toHaveLength(1);
    expect(records[0]?.consumed).toBeGreaterThan(0);
    expect(records[0]?.entitled).toBeGreaterThan(0);
    const { application } = await getLicense(arranged.owner, {
      licenseId: records[0]?.licenseId ?? "",
    });
    expect(application).toMatchObject({ resolution: "accounts", mapped: null, candidates: [] });
    expect(await arranged.saas.import()).toEqual({ kind: "unchanged" });
  });

  it("is open with its candidates where two are possible, until a person maps one: the other follows", async () => {
    const arranged = await arrange(2);
    const { owner, connectionId, saas, skuIds } = arranged;
    expect(await saas.import()).toEqual({ kind: "published" });
    const open = await below(arranged);
    const candidates = [...skuIds.values()].sort().map((skuId) => ({ skuId }));
    expect(open).toMatchObject(
      Array(2).fill({ resolution: "unknown-sku", product: null, candidates }),
    );
    expect((await view(arranged)).open).toBe(2);
    const [one, other] = open;
    const [mapped = "", left = ""] = skuIds.values();
    const externalId = one?.externalId ?? "";
    await mapSku(owner, { connectionId, kind: "license", externalId, skuId: mapped });
    expect(await saas.import()).toEqual({ kind: "published" });
    const settled = await below(arranged);
    expect(settled.find((license) => license.externalId === externalId)).toMatchObject({
      resolution: "mapping",
      product: { skuId: mapped },
    });
    expect(settled.find((license) => license.externalId === other?.externalId)).toMatchObject({
      resolution: "accounts",
      product: { skuId: left },
    });
    const [record] = await recordOf(arranged, mapped);
    const { application } = await getLicense(owner, { licenseId: record?.licenseId ?? "" });
    expect(application?.mapped).toEqual({ by: owner.actor.name, at: expect.any(String) });
  });

  it("stays open while accounts name SKUs that nobody knows; a mapped name is one that is known", async () => {
    const arranged = await arrange(1, (parts) => [
      ...ownIds(parts),
      { kind: "users", shape: "own-skus" },
    ]);
    const { owner, connectionId, saas, skuIds } = arranged;
    const [[partNumber, skuId] = ["", ""]] = skuIds;
    expect(await saas.import()).toEqual({ kind: "published" });
    expect(await below(arranged)).toMatchObject([{ resolution: "unknown-sku", candidates: [] }]);
    await mapSku(owner, { connectionId, kind: "sku", externalId: `PLAN ${partNumber}`, skuId });
    expect(await saas.import()).toEqual({ kind: "published" });
    expect(await below(arranged)).toMatchObject([{ resolution: "accounts", product: { skuId } }]);
  });

  it("keeps what a person mapped, whatever the accounts hold", async () => {
    const arranged = await arrange(1);
    const { owner, connectionId, saas, skuIds } = arranged;
    expect(await saas.import()).toEqual({ kind: "published" });
    const [license] = await below(arranged);
    const taken = new Set(skuIds.values());
    const others = (await view(arranged)).licenses.flatMap(({ product }) => product?.skuId ?? []);
    const foreign = "078d2b04-f1bd-4111-bbd4-b4b1b354cef4";
    expect([...taken, ...others]).not.toContain(foreign);
    const externalId = license?.externalId ?? "";
    await mapSku(owner, { connectionId, kind: "license", externalId, skuId: foreign });
    expect(await saas.import()).toEqual({ kind: "published" });
    expect(await below(arranged)).toMatchObject([
      { resolution: "mapping", product: { skuId: foreign } },
    ]);
  });
});

it("an id and accounts that name different SKUs: it stands for neither, and both are candidates", async () => {
  const arranged = await arrange(1, (parts) => [
    { kind: "licenses", shape: "wrong-ids", only: [...parts] },
  ]);
  const [skuId = ""] = arranged.skuIds.values();
  expect(await arranged.saas.import()).toEqual({ kind: "published" });
  const [license] = await below(arranged);
  expect(license).toMatchObject({ resolution: "contradictory", product: null });
  expect(license?.candidates).toHaveLength(2);
  expect(license?.candidates.map((product) => product.skuId)).toContain(skuId);
  const [held] = await recordOf(arranged, skuId);
  expect(held).toMatchObject({ entitled: null, compliance: "unknown" });
});

it("accounts that write license ids hold what those stand for", async () => {
  const arranged = await arrange(1, () => [{ kind: "users", shape: "license-ids" }]);
  expect(await arranged.saas.import()).toEqual({ kind: "published" });
  const { licenses, skus, open } = await view(arranged);
  expect(licenses.every(({ resolution }) => resolution === "license-id")).toBe(true);
  expect([skus, open]).toEqual([[], 0]);
});

it("a link that is lost is held and named; it goes when somebody publishes, and is not asked about again", async () => {
  const arranged = await arrange(1);
  const { owner, saas, skuIds } = arranged;
  const [[partNumber, skuId] = ["", ""]] = skuIds;
  expect(await saas.import()).toEqual({ kind: "published" });
  const before = await recordOf(arranged, skuId);
  const [linked] = await below(arranged);
  const name = linked?.product?.name;
  const more: Faults = [...ownIds([partNumber]), { kind: "users", shape: "one-more-sku" }];
  await saas.set({ faults: more });
  expect(await saas.import()).toMatchObject({
    kind: "held",
    hold: {
      reasons: ["links-changed"],
      links: [
        {
          externalId: linked?.externalId,
          before: name,
          after: null,
          resolution: "unknown-sku",
        },
      ],
    },
  });
  expect(await recordOf(arranged, skuId)).toEqual(before);
  const [run] = await world.db.ownerSql<{ id: string }[]>`
    select id from dataset_runs
    where connection_id = ${arranged.connectionId} and state = 'suspect'`;
  const published = await world.db.web.inWorkspace(owner.workspaceId, (tx) =>
    publishHeldRun(tx, {
      workspaceId: owner.workspaceId,
      runId: run?.id ?? "",
      decidedBy: owner.actor.name,
    }),
  );
  expect(published).toBe("published");
  const [lost] = await below(arranged);
  expect(lost).toMatchObject({ resolution: "unknown-sku", product: null });
  expect(lost?.candidates).toHaveLength(2);
  expect(await saas.import()).toEqual({ kind: "unchanged" });
});

it("a switch pairs what the accounts link, and takes every seat with it", async () => {
  const microsoft = await connectSimulatedTenant(world.db, world.simulator, {
    seed: world.seed(),
    size: 120,
    profile: "tidy",
  });
  expect(await microsoft.import("directory")).toEqual({ kind: "published" });
  const { workspaceId, tenantId } = microsoft.connection;
  const owner = await createMember(world.db, world.web.platform, workspaceId, "owner");
  const counted = await readLicenses(world.db, microsoft.connection);
  const largest = counted
    .filter(({ type }) => type === "named-user")
    .toSorted((a, b) => (b.consumed ?? 0) - (a.consumed ?? 0))[0];
  const [{ part } = { part: "" }] = await world.db.ownerSql<{ part: string }[]>`
    select part_number as part from products where sku_id = ${largest?.skuId ?? null}`;
  const saas = await connectSimulatedSaas(world.db, world.simulator, {
    workspaceId,
    tenantId,
    organisation: { below: [part], faults: ownIds([part]) },
  });
  expect(await saas.import()).toEqual({ kind: "published" });
  const { preview } = await getSwitchPreview(owner, { by: "saas-management" });
  expect(unmappedLicenses(preview)).toEqual([]);
  const [twin] = (await readLicenses(world.db, saas.connection)).filter(
    ({ skuId }) => skuId === largest?.skuId,
  );
  const pair = preview.licenses.find(({ licenseId }) => licenseId === largest?.licenseId);
  expect(pair?.counterpart).toMatchObject({ entitled: twin?.entitled, consumed: twin?.consumed });
  await switchSource(owner, { by: "saas-management", confirmed: true });
  const detail = await getLicense(owner, { licenseId: twin?.licenseId ?? "" });
  expect(detail).toMatchObject({
    status: "active",
    application: { resolution: "accounts" },
    twins: [{ id: largest?.licenseId, retiredReason: "superseded-by-saas-management" }],
  });
});
