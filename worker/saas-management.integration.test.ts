import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import type { ImportItem } from "#lib/domain/import-item";
import type { Ctx } from "#lib/services/context";
import { createOrganisation } from "#lib/services/create-organisation";
import { createSaasConnection } from "#lib/services/create-saas-connection";
import { getConnection } from "#lib/services/get-connection";
import { getImport } from "#lib/services/get-import";
import { getLicense } from "#lib/services/get-license";
import { getOrganisation } from "#lib/services/get-organisation";
import { listAuditEvents } from "#lib/services/list-audit-events";
import { listLicenses } from "#lib/services/list-licenses";
import { startImport } from "#lib/services/start-import";
import { createMember, createTestWeb, type TestWeb } from "#lib/services/testing/web";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { credentials, defaultApps } from "#simulator/defaults";
import type { OrganisationRequest } from "#simulator/saas-management/organisation";
import { tenantFromRequest } from "#simulator/specs";
import { appUrl, createInstallation, type Installation } from "./testing/installation.ts";
import { waitFor } from "./testing/wait-for.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/worker-process.ts";

const spec = tenantFromRequest({ seed: "saas worker", size: 400, profile: "tidy" });
const orgId = "28010";
const refreshToken = "canary~refresh";

let simulator: Simulator;
let installation: Installation;
let web: TestWeb;
let worker: WorkerProcess;
let owner: Ctx;

beforeAll(async () => {
  simulator = await createSimulator({ tenants: [spec], apps: defaultApps([appUrl]) });
  const { multiTenantApp } = credentials;
  installation = await createInstallation({ ...simulator, multiTenantApp });
  web = await createTestWeb(installation.db);
  worker = await startWorkerProcess({
    ...installation.workerEnv,
    SAAS_MANAGEMENT_ORIGIN: simulator.loginOrigin,
  });
  const { workspaceId } = await createWorkspace(installation.db);
  const platform = { ...web.platform, sealer: installation.sealer };
  owner = await createMember(installation.db, platform, workspaceId, "owner");
}, 120_000);
afterAll(async () => {
  await worker?.end("SIGKILL");
  await web?.close();
  await installation?.close();
  await simulator?.close();
});

async function organisation(given: Partial<OrganisationRequest> = {}): Promise<void> {
  const url = `${simulator.loginOrigin}/_simulator/saas-management/organisations`;
  const body = { id: orgId, tenantIds: [spec.id], refreshToken, pageSize: 90, ...given };
  const response = await fetch(url, { method: "PUT", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
}

async function imported(connectionId: string): Promise<ImportItem> {
  const { id } = await startImport(owner, { connectionId, trigger: "manual" });
  return waitFor(
    "the import is over",
    async () => {
      const item = await getImport(owner, { importId: id });
      return !["queued", "running"].includes(item.state) && item;
    },
    60_000,
  );
}

const licenses = async (connectionId: string) =>
  (await listLicenses(owner, { connectionId, limit: 100 })).items;

it("an organisation, its application and its imports through a real worker: figures, terms, failures in words", async () => {
  await organisation();
  const { id: organisationId } = await createOrganisation(owner, {
    name: "Contoso Group",
    region: "eu",
    orgId,
    credential: { kind: "refresh-token", refreshToken },
  });
  await waitFor("the organisation is verified", async () => {
    const { status } = await getOrganisation(owner, { organisationId });
    return status === "ready";
  });
  const { id: connectionId } = await createSaasConnection(owner, {
    name: "Contoso",
    organisationId,
    managedAppId: "4001",
    tenantId: spec.id,
  });

  const first = await imported(connectionId);
  expect([first.state, first.datasets.map(({ name, state }) => [name, state])]).toEqual([
    "succeeded",
    [
      ["directory", "succeeded"],
      ["sign-ins", "failed"],
      ["usage", "failed"],
    ],
  ]);
  const before = await licenses(connectionId);
  expect(before.length).toBeGreaterThan(5);
  expect(before.every(({ type, status }) => type === "named-user" && status === "active")).toBe(
    true,
  );
  const detail = await getLicense(owner, { licenseId: before[0]?.id ?? "" });
  expect(detail.application).toMatchObject({
    resolution: "license-id",
    terms: [{ no: 1, state: "in-force", currency: "USD" }],
    annualCost: [{ currency: "USD" }],
  });

  await organisation({ faults: [{ kind: "next-page", to: "https://evil.example/x" }] });
  expect((await imported(connectionId)).state).toBe("failed");
  const [refused] = (await listAuditEvents(owner, { action: "security.link-refused" })).items;
  expect(refused).toMatchObject({ targetId: connectionId, details: { host: "evil.example" } });

  await organisation({ refreshToken: "another" });
  const failed = await imported(connectionId);
  expect(failed.state).toBe("failed");
  const [directory] = failed.datasets;
  expect(directory?.error).toMatchObject({ code: "saas-credential-refused" });
  expect(directory?.error?.what).toContain("SaaS Management refused the credential");
  expect((await getConnection(owner, { connectionId })).status).toBe("action-needed");
  expect(await licenses(connectionId)).toEqual(before);

  await organisation();
  expect((await imported(connectionId)).state).toBe("succeeded");
  expect((await getConnection(owner, { connectionId })).status).toBe("ready");
}, 180_000);
