import { describe, expect, it } from "vitest";
import { readLicenses } from "#db/testing/published-rows";
import { connectSimulatedTenant, type SimulatedImport } from "#db/testing/simulated-import";
import { connectSimulatedSaas, type SimulatedSaas } from "#db/testing/simulated-saas";
import { unmappedLicenses } from "#lib/domain/switch-preview";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import type { Ctx } from "./context.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { getOverview } from "./get-overview.ts";
import { getStanding } from "./get-standing.ts";
import { getSwitchPreview } from "./get-switch-preview.ts";
import { publishImport } from "./publish-import.ts";
import { removeRetiredLicenses } from "./remove-retired-licenses.ts";
import { startImport } from "./start-import.ts";
import { switchSource } from "./switch-source.ts";
import { simulatedWorld } from "./testing/simulated-world.ts";
import { createMember } from "./testing/web.ts";
import { undoSwitch } from "./undo-switch.ts";

const world = simulatedWorld("hand-over");

interface Arranged {
  readonly owner: Ctx;
  readonly workspaceId: string;
  readonly tenantId: string;
  readonly microsoft: SimulatedImport;
  readonly saas: SimulatedSaas;
}

/** A tenant imported by Microsoft 365, and the managed application that stands for it, not imported yet. */
async function arrange(organisation: Partial<OrganisationRequest> = {}): Promise<Arranged> {
  const microsoft = await connectSimulatedTenant(world.db, world.simulator, {
    seed: world.seed(),
    size: 200,
    profile: "tidy",
  });
  expect(await microsoft.import("directory")).toEqual({ kind: "published" });
  const { workspaceId, tenantId } = microsoft.connection;
  const owner = await createMember(world.db, world.web.platform, workspaceId, "owner");
  const saas = await connectSimulatedSaas(world.db, world.simulator, {
    workspaceId,
    tenantId,
    organisation,
  });
  return { owner, workspaceId, tenantId, microsoft, saas };
}

/** The same with both imported. */
async function arrangeBoth(organisation: Partial<OrganisationRequest> = {}) {
  const arranged = await arrange(organisation);
  expect(await arranged.saas.import()).toEqual({ kind: "published" });
  return { ...arranged, everywhere: { by: "saas-management", confirmed: true } as const };
}

type Imported = Pick<SimulatedImport | SimulatedSaas, "connection">;

const licensesOf = ({ connection }: Imported) => readLicenses(world.db, connection);
const reasonsOf = async (imported: Imported) => [
  ...new Set(
    (await licensesOf(imported)).map(({ status, retiredReason }) => retiredReason ?? status),
  ),
];
const totals = async (ctx: Ctx) => (await getOverview(ctx)).totals;

/** Everything that an undo has to bring back. */
const picture = async ({ owner, microsoft, saas }: Arranged) => ({
  microsoft: await licensesOf(microsoft),
  saas: await licensesOf(saas),
  totals: await totals(owner),
  history: await world.db.ownerSql`
    select license_id, day::text, entitled, consumed, available, compliance from license_history
    where workspace_id = ${owner.workspaceId} order by 1, 2`,
});

/** Every (tenant, SKU) that is counted, with how often. */
const countedTwice = async ({ workspaceId }: Arranged) =>
  world.db.ownerSql<{ sku_id: string; times: number }[]>`
    select l.tenant_id, l.sku_id, count(*)::int as times from connections c
    join license_positions p on p.workspace_id = c.workspace_id and p.reconciliation_id = c.reconciliation_id
    join licenses l on l.workspace_id = p.workspace_id and l.id = p.license_id
    where c.workspace_id = ${workspaceId} and p.status = 'active' and l.sku_id is not null
    group by 1, 2 having count(*) > 1`;

describe("before a switch", () => {
  it("the first import of SaaS Management is shown and counts nowhere", async () => {
    const arranged = await arrange();
    const { owner, microsoft, saas } = arranged;
    const before = await totals(owner);
    expect(await saas.import()).toEqual({ kind: "published" });
    expect(await reasonsOf(microsoft)).toEqual(["active"]);
    expect(await reasonsOf(saas)).toEqual(["parallel-run"]);
    const shown = (await licensesOf(saas)).length;
    expect(await totals(owner)).toEqual({ ...before, retired: shown });
    expect(await countedTwice(arranged)).toEqual([]);
  });

  it("the preview pairs licenses by skuId, and names those that stand for no known SKU", async () => {
    const arranged = await arrangeBoth();
    const { owner, microsoft } = arranged;
    const { preview } = await getSwitchPreview(owner, { by: "saas-management" });
    const users = (await licensesOf(microsoft)).filter(({ type }) => type === "named-user");
    const paired = preview.licenses.filter(({ counterpart }) => counterpart !== null);
    expect(paired.length).toBe(users.length);
    expect(unmappedLicenses(preview)).toEqual([]);
    const unnamed = await arrangeBoth({ faults: [{ kind: "licenses", shape: "own-ids" }] });
    const again = (await getSwitchPreview(unnamed.owner, { by: "saas-management" })).preview;
    expect(unmappedLicenses(again).length).toBe(users.length);
    expect(again.licenses.every(({ counterpart }) => counterpart?.entitled == null)).toBe(true);
  });

  it("counts that disagree by more than a third with Microsoft's are held, and decided once", async () => {
    const arranged = await arrange({ leaveOutEvery: 2 });
    const { owner, saas } = arranged;
    const outcome = await saas.import();
    expect(outcome).toMatchObject({
      kind: "held",
      hold: {
        reasons: ["other-source-disagrees"],
        beside: { source: "microsoft-365" },
        after: { reported: null },
      },
    });
    expect(await licensesOf(saas)).toEqual([]);
    const [run] = await world.db.ownerSql<{ id: string }[]>`
      select id from dataset_runs where connection_id = ${saas.connection.connectionId}`;
    await world.db.ownerSql`
      insert into imports (workspace_id, id, connection_id, trigger, requested_by)
      values (${arranged.workspaceId}, ${run?.id ?? ""}, ${saas.connection.connectionId}, 'manual', 'test')`;
    await world.db.ownerSql`
      insert into import_runs (workspace_id, import_id, run_id, adopted)
      values (${arranged.workspaceId}, ${run?.id ?? ""}, ${run?.id ?? ""}, false)`;
    await publishImport(owner, { importId: run?.id ?? "" });
    expect(await reasonsOf(saas)).toEqual(["parallel-run"]);
    await saas.set({ leaveOutEvery: 2, pageSize: 50 });
    expect(await saas.import()).toEqual({ kind: "unchanged" });
    await expect(switchSource(owner, { by: "saas-management" })).rejects.toMatchObject({
      obstacle: { kind: "counts-disagree" },
    });
  });
});

describe("after a switch", () => {
  it("SaaS Management counts as previewed; existing and future licenses below are retired", async () => {
    const arranged = await arrangeBoth();
    const { owner, microsoft, saas, everywhere } = arranged;
    const { preview } = await getSwitchPreview(owner, { by: "saas-management" });
    await switchSource(owner, everywhere);
    expect(await reasonsOf(microsoft)).toEqual(["superseded-by-saas-management"]);
    expect(await reasonsOf(saas)).toEqual(["active"]);
    expect(await totals(owner)).toMatchObject({
      active: preview.after.licenses,
      shortfall: preview.after.shortfall,
      surplus: preview.after.surplus,
    });
    const before = (await licensesOf(microsoft)).length;
    await microsoft.tenant.setFaults([{ kind: "unknown-sku" }]);
    expect(await microsoft.import("directory")).toEqual({ kind: "published" });
    expect((await licensesOf(microsoft)).length).toBe(before + 1);
    expect(await reasonsOf(microsoft)).toEqual(["superseded-by-saas-management"]);
    expect(await countedTwice(arranged)).toEqual([]);
  });

  it("its failures neither revive nor hide anything, and its data grows old visibly", async () => {
    const arranged = await arrangeBoth();
    const { owner, microsoft, saas, everywhere } = arranged;
    await switchSource(owner, everywhere);
    const before = [await totals(owner), await licensesOf(saas), await reasonsOf(microsoft)];
    for (const fault of [
      { kind: "status", status: 403, times: 99 },
      { kind: "status", status: 401, times: 99 },
      { kind: "short-list" },
    ] as const) {
      await saas.set({ faults: [fault] });
      expect(await saas.import()).toMatchObject({ kind: "failed" });
      expect(await microsoft.import("directory")).toEqual({ kind: "unchanged" });
    }
    expect([await totals(owner), await licensesOf(saas), await reasonsOf(microsoft)]).toEqual(
      before,
    );
    const { connectionId } = saas.connection;
    expect(await getStanding(owner, { connectionId })).toMatchObject({ kind: "counts" });
    await saas.set({});
    expect(await saas.import()).toEqual({ kind: "unchanged" });
    expect([await totals(owner), await licensesOf(saas), await reasonsOf(microsoft)]).toEqual(
      before,
    );
  });

  it("an undo brings everything back exactly, also after both went on importing", async () => {
    const arranged = await arrangeBoth();
    const { owner, microsoft, saas, everywhere } = arranged;
    const before = await picture(arranged);
    const { id } = await switchSource(owner, everywhere);
    await microsoft.import("directory");
    await saas.import();
    const { undo } = await getSwitchPreview(owner, { by: "saas-management" });
    expect(undo?.after.licenses).toBe(before.totals.active);
    expect(undo?.after.shortfall).toBe(before.totals.shortfall);
    await undoSwitch(owner, { supersessionId: id });
    expect(await picture(arranged)).toEqual(before);
    await switchSource(owner, everywhere);
    expect(await reasonsOf(saas)).toEqual(["active"]);
  });

  it("a tenant that is connected later is retired on arrival; an undo lets it count", async () => {
    const arranged = await arrangeBoth();
    const { owner, workspaceId, everywhere } = arranged;
    const { id } = await switchSource(owner, everywhere);
    const late = await connectSimulatedTenant(
      world.db,
      world.simulator,
      { seed: world.seed(), size: 50 },
      { workspaceId },
    );
    expect(await late.import("directory")).toEqual({ kind: "published" });
    expect(await reasonsOf(late)).toEqual(["superseded-by-saas-management"]);
    const { tenantId } = late.connection;
    const successor = await connectSimulatedSaas(world.db, world.simulator, {
      workspaceId,
      tenantId,
    });
    expect(await successor.import()).toEqual({ kind: "published" });
    expect(await reasonsOf(successor)).toEqual(["active"]);
    await undoSwitch(owner, { supersessionId: id });
    expect([await reasonsOf(late), await reasonsOf(successor)]).toEqual([
      ["active"],
      ["parallel-run"],
    ]);
    expect(await countedTwice(arranged)).toEqual([]);
  });
});

describe("when one side goes", () => {
  it("Microsoft 365 disconnected before a switch: SaaS Management counts at once", async () => {
    const arranged = await arrangeBoth();
    const { owner, microsoft, saas } = arranged;
    await disconnectConnection(owner, { connectionId: microsoft.connection.connectionId });
    expect(await reasonsOf(microsoft)).toEqual(["disconnected"]);
    expect(await reasonsOf(saas)).toEqual(["active"]);
  });

  it("Microsoft 365 disconnected after a switch: its retired licenses stay until they are cleared away", async () => {
    const arranged = await arrangeBoth();
    const { owner, microsoft, saas, everywhere } = arranged;
    await switchSource(owner, everywhere);
    const counted = await licensesOf(saas);
    const { connectionId } = microsoft.connection;
    await disconnectConnection(owner, { connectionId });
    const gone = (await licensesOf(microsoft)).length;
    expect(await removeRetiredLicenses(owner, { connectionId })).toEqual({ removed: gone });
    expect(await licensesOf(microsoft)).toEqual([]);
    expect(await licensesOf(saas)).toEqual(counted);
  });

  it("SaaS Management disconnected after a switch: nothing is revived before somebody undoes it", async () => {
    const arranged = await arrangeBoth();
    const { owner, microsoft, saas, everywhere } = arranged;
    const before = await licensesOf(microsoft);
    const { id } = await switchSource(owner, everywhere);
    await disconnectConnection(owner, { connectionId: saas.connection.connectionId });
    expect(await reasonsOf(microsoft)).toEqual(["superseded-by-saas-management"]);
    expect(await reasonsOf(saas)).toEqual(["disconnected"]);
    expect((await totals(owner)).active).toBe(0);
    expect(await microsoft.import("directory")).toEqual({ kind: "unchanged" });
    expect(await reasonsOf(microsoft)).toEqual(["superseded-by-saas-management"]);
    await undoSwitch(owner, { supersessionId: id });
    expect(await licensesOf(microsoft)).toEqual(before);
  });

  it("connected anew after a disconnect, it takes its licenses up again", async () => {
    const arranged = await arrangeBoth();
    const { owner, workspaceId, tenantId, saas } = arranged;
    const ids = (await licensesOf(saas)).map(({ licenseId }) => licenseId);
    await disconnectConnection(owner, { connectionId: saas.connection.connectionId });
    const again = await connectSimulatedSaas(world.db, world.simulator, { workspaceId, tenantId });
    expect(await again.import()).toEqual({ kind: "published" });
    expect((await licensesOf(again)).map(({ licenseId }) => licenseId)).toEqual(ids);
    expect(await reasonsOf(again)).toEqual(["parallel-run"]);
  });
});

it("an import of SaaS Management can be asked for like any other", async () => {
  const { owner, saas } = await arrange();
  const { connectionId } = saas.connection;
  await expect(startImport(owner, { connectionId, trigger: "manual" })).resolves.toMatchObject({
    id: expect.any(String),
  });
});
