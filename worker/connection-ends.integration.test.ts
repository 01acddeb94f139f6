import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import type { Ctx } from "#lib/services/context";
import { disconnectConnection } from "#lib/services/disconnect-connection";
import { getConnection } from "#lib/services/get-connection";
import { listAlerts } from "#lib/services/list-alerts";
import { listAuditEvents } from "#lib/services/list-audit-events";
import { listLicenses } from "#lib/services/list-licenses";
import { moveTenantHere } from "#lib/services/move-tenant-here";
import { createMember, createTestWeb, type TestWeb } from "#lib/services/testing/web";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { credentials, defaultApps } from "#simulator/defaults";
import { tenantFromRequest } from "#simulator/specs";
import {
  appUrl,
  createConsentedConnection,
  createImport,
  createInstallation,
  createRegisteredConnection,
  type Installation,
  saveProofCode,
  saveSecret,
  type TestConnection,
} from "./testing/installation.ts";
import { proofCodeOf } from "./testing/proof-code.ts";
import { waitFor } from "./testing/wait-for.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/worker-process.ts";

const app = credentials.multiTenantApp;
const secret = "canary8Q~secret-of-a-registered-app";
let simulator: Simulator;
let installation: Installation;
let web: TestWeb;
let worker: WorkerProcess;
let tenant: ReturnType<typeof addTenant>;
let serial = 0;

beforeAll(async () => {
  simulator = await createSimulator({ tenants: [], apps: defaultApps([appUrl]) });
  installation = await createInstallation({ ...simulator, multiTenantApp: app });
  web = await createTestWeb(installation.db);
  worker = await startWorkerProcess(installation.workerEnv);
}, 120_000);
afterAll(async () => {
  await worker?.end("SIGTERM");
  await web?.close();
  await installation?.close();
  await simulator?.close();
});
beforeEach(() => {
  tenant = addTenant();
});

function addTenant() {
  serial += 1;
  const seed = `ends ${serial}`;
  return simulator.store.addTenant(
    tenantFromRequest({ seed, size: 40, app: { secret }, consentedApps: [app.clientId] }),
  );
}

const member = async (workspaceId?: string): Promise<Ctx> =>
  createMember(
    installation.db,
    web.platform,
    workspaceId ?? (await createWorkspace(installation.db)).workspaceId,
    "owner",
  );

/** Proves the tenant as its Global Administrator, in the session of a member, and waits for the worker's word. */
async function prove(made: TestConnection, by: Ctx, at = tenant): Promise<string | null> {
  const { loginOrigin } = simulator;
  const leg = await proofCodeOf(
    { loginOrigin, clientId: app.clientId },
    at,
    "global-administrator",
  );
  const { sessionId } = by.actor;
  return verdict(
    await saveProofCode(installation, made, { ...leg, ...(sessionId && { sessionId }) }),
  );
}

/** The code a verification failed with; null when it succeeded. */
const verdict = async (verificationId: string): Promise<string | null> => {
  const ended = await waitFor("the verification ended", async () => {
    const [row] = await installation.db.ownerSql<
      { state: string; failure: { code: string } | null }[]
    >`select state, failure from verifications where id = ${verificationId}`;
    return row?.state === "succeeded" || row?.state === "failed" ? row : null;
  });
  return ended.failure?.code ?? null;
};

const consented = async (by: Ctx) => createConsentedConnection(installation, by.workspaceId);

const holders = async () =>
  (
    await installation.db.ownerSql<{ connection_id: string }[]>`
      select connection_id from tenant_claims where tenant_id = ${tenant.spec.id}`
  ).map((claim) => claim.connection_id);

/** A workspace that reads the tenant by a registered app, with numbers. */
async function reading(): Promise<{ readonly owner: Ctx; readonly made: TestConnection }> {
  const owner = await member();
  const clientId = tenant.spec.apps[0]?.clientId ?? "";
  const made = await createRegisteredConnection(
    installation,
    { tenantId: tenant.spec.id, clientId },
    owner.workspaceId,
  );
  await saveSecret(installation, made, { secret, version: 1, verify: false });
  const runs = await createImport(installation, made, { datasets: ["directory"] });
  await waitFor("the directory was published", async () => {
    const [run] = await installation.db.ownerSql<{ state: string }[]>`
      select state from dataset_runs where id = ${runs.directory ?? null}`;
    return run?.state === "succeeded";
  });
  return { owner, made };
}

/** Another workspace whose administrator proved the tenant and was told that it is taken. */
async function refusedElsewhere() {
  const before = await reading();
  const owner = await member();
  const made = await consented(owner);
  expect(await prove(made, owner)).toBe("tenant-claimed-elsewhere");
  return { before, owner, made };
}

describe("moving a tenant here", () => {
  it("takes the claim, ends the other connection with its reason, and tells its workspace", async () => {
    const { before, owner, made } = await refusedElsewhere();
    const { connectionId } = made;
    const { verificationId } = await moveTenantHere(owner, { connectionId });
    expect(await verdict(verificationId)).toBeNull();

    expect(await holders()).toEqual([connectionId]);
    const here = await getConnection(owner, { connectionId });
    expect(here).toMatchObject({ status: "ready", tenantId: tenant.spec.id });

    const left = await getConnection(before.owner, { connectionId: before.made.connectionId });
    expect(left.status).toBe("disconnected");
    expect(left.disconnected).toMatchObject({
      because: "claim-moved",
      by: "an administrator of the tenant",
    });
    const { items } = await listLicenses(before.owner, { connectionId: left.id });
    expect(items.length).toBeGreaterThan(3);
    expect(new Set(items.map(({ retiredReason }) => retiredReason))).toEqual(
      new Set(["disconnected"]),
    );
    const [stored] = await installation.db.ownerSql`
      select state, sealed from credentials where connection_id = ${left.id}`;
    expect(stored).toEqual({ state: "retired", sealed: null });

    const alerts = await listAlerts(before.owner, {});
    expect(alerts.items.map(({ kind, connectionId: about }) => [kind, about])).toEqual([
      ["claim-moved", left.id],
    ]);
    const there = await listAuditEvents(before.owner, {});
    const ended = there.items.find(({ action }) => action === "connection.disconnected");
    expect(ended?.details).toMatchObject({ because: "claim-moved", tenantId: tenant.spec.id });
    const [workspace] = await installation.db.ownerSql<{ name: string; slug: string }[]>`
      select name, slug from workspaces where id = ${owner.workspaceId}`;
    const told = JSON.stringify([left, alerts, there]);
    for (const secretPart of [
      workspace?.name,
      workspace?.slug,
      owner.workspaceId,
      owner.actor.name,
    ])
      expect(told).not.toContain(secretPart);
    const own = (await listAuditEvents(owner, {})).items.map(({ action }) => action);
    expect(own).toEqual(
      expect.arrayContaining(["claim.move-confirmed", "claim.moved-here", "connection.verified"]),
    );
  }, 60_000);

  it("is refused to another session, a token, a lesser role, another workspace, and twice", async () => {
    const { before, owner, made } = await refusedElsewhere();
    const { connectionId } = made;
    const colleague = await member(owner.workspaceId);
    const actor = { kind: "token", id: randomUUID(), name: "Script", role: "owner" } as const;
    const analyst: Ctx = { ...owner, actor: { ...owner.actor, role: "analyst" } };
    for (const ctx of [colleague, { ...owner, actor }, analyst])
      await expect(moveTenantHere(ctx, { connectionId })).rejects.toMatchObject({
        code: "forbidden",
      });
    await expect(moveTenantHere(before.owner, { connectionId })).rejects.toMatchObject({
      code: "not-found",
    });
    expect(await holders()).toEqual([before.made.connectionId]);
    const { verificationId } = await moveTenantHere(owner, { connectionId });
    expect(await verdict(verificationId)).toBeNull();
    await expect(moveTenantHere(owner, { connectionId })).rejects.toMatchObject({
      code: "conflict",
    });
  }, 60_000);

  it("is refused when the sign-in is more than ten minutes old, and possible after a new one", async () => {
    const { before, owner, made } = await refusedElsewhere();
    const { connectionId } = made;
    await installation.db.ownerSql`
      update consent_attempts set used_at = used_at - interval '10 minutes 5 seconds'
      where connection_id = ${connectionId}`;
    await expect(moveTenantHere(owner, { connectionId })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("more than ten minutes old"),
    });
    expect(await holders()).toEqual([before.made.connectionId]);
    expect(await prove(made, owner)).toBe("tenant-claimed-elsewhere");
    const { verificationId } = await moveTenantHere(owner, { connectionId });
    expect(await verdict(verificationId)).toBeNull();
  }, 60_000);

  it("cannot be done by a registered app: its credential proves no person", async () => {
    const { before } = await refusedElsewhere();
    const owner = await member();
    const clientId = tenant.spec.apps[0]?.clientId ?? "";
    const at = { tenantId: tenant.spec.id, clientId };
    const made = await createRegisteredConnection(installation, at, owner.workspaceId);
    const saved = await saveSecret(installation, made, { secret, version: 1, verify: true });
    expect(await verdict(saved.verificationId ?? "")).toBe("tenant-claimed-elsewhere");
    const { connectionId } = made;
    await expect(moveTenantHere(owner, { connectionId })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await holders()).toEqual([before.made.connectionId]);
  }, 60_000);

  it("simply claims a tenant that was disconnected meanwhile", async () => {
    const { before, owner, made } = await refusedElsewhere();
    await disconnectConnection(before.owner, { connectionId: before.made.connectionId });
    const { verificationId } = await moveTenantHere(owner, { connectionId: made.connectionId });
    expect(await verdict(verificationId)).toBeNull();
    expect(await holders()).toEqual([made.connectionId]);
    expect((await listAlerts(before.owner, {})).items).toEqual([]);
  }, 60_000);
});

/** The days and licenses the workspace has figures of. */
const historyOf = async ({ workspaceId }: TestConnection) => [
  ...(await installation.db.ownerSql`
    select * from license_history where workspace_id = ${workspaceId} order by day, license_id`),
];

const publishedRuns = async ({ connectionId }: TestConnection) =>
  (
    await installation.db.ownerSql<{ id: string }[]>`
      select id from dataset_runs
      where connection_id = ${connectionId} and published_at is not null order by id`
  ).map(({ id }) => id);

describe("disconnecting in the middle of an import", () => {
  it("publishes nothing any more, erases secrets, releases the claim, keeps the history, and lets no worker speak to Microsoft (A14)", async () => {
    const { owner, made } = await reading();
    const { connectionId } = made;
    // Of yesterday: what is disconnected has no figures of today.
    await installation.db.ownerSql`
      update license_history set day = day - 1 where workspace_id = ${made.workspaceId}`;
    const history = await historyOf(made);
    expect(history.length).toBeGreaterThan(3);
    expect(await holders()).toEqual([connectionId]);
    tenant.knobs.latencyMs = 400;
    await createImport(installation, made);
    await waitFor("the import reads users", async () =>
      tenant.log.entries().some(({ stream, page }) => stream === "users" && page >= 1),
    );
    await disconnectConnection(owner, { connectionId });
    const published = await publishedRuns(made);
    expect(await holders()).toEqual([]);
    const secrets = await installation.db.ownerSql`
      select state, sealed from credentials where connection_id = ${connectionId}`;
    expect([...secrets]).toEqual([{ state: "retired", sealed: null }]);
    await worker.saw("tokens-forgotten");
    await waitFor("the runs ended", async () => {
      const rows = await installation.db.ownerSql<{ state: string }[]>`
        select state from dataset_runs where connection_id = ${made.connectionId} and state in ('queued', 'running')`;
      return rows.length === 0;
    });
    // What was on its way then has been answered by the time another tenant is read from its beginning to its end.
    const settle = async () => {
      tenant = addTenant();
      await reading();
    };
    const quiet = tenant;
    await settle();
    const before = quiet.log.counts().total;
    await settle();
    expect(quiet.log.counts().total).toBe(before);

    expect(await publishedRuns(made)).toEqual(published);
    const { items } = await listLicenses(owner, { connectionId });
    expect(items.length).toBeGreaterThan(3);
    for (const license of items) {
      expect(license).toMatchObject({ status: "retired", retiredReason: "disconnected" });
    }
    expect(await historyOf(made)).toEqual(history);
  }, 90_000);
});
