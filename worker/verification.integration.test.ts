import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { firstImportKey } from "#lib/domain/first-import";
import { createDraft } from "#lib/services/create-draft";
import { enterCredential } from "#lib/services/enter-credential";
import { getImport } from "#lib/services/get-import";
import { startImport } from "#lib/services/start-import";
import { startVerification } from "#lib/services/start-verification";
import { createMember, createTestWeb } from "#lib/services/testing/web";
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
const secret = "canary8Q~secret-of-the-registered-app";

let simulator: Simulator;
let installation: Installation;
let worker: WorkerProcess;
let serial = 0;

beforeAll(async () => {
  simulator = await createSimulator({ tenants: [], apps: defaultApps([appUrl]) });
  installation = await createInstallation({ ...simulator, multiTenantApp: app });
  worker = await startWorkerProcess(installation.workerEnv);
}, 120_000);

afterAll(async () => {
  await worker?.end("SIGTERM");
  await installation?.close();
  await simulator?.close();
});

/** A tenant of this test's own, consented to the multi-tenant app unless told otherwise. */
let tenant: ReturnType<typeof addTenant>;
beforeEach(() => {
  tenant = addTenant();
});

function addTenant(consented = true) {
  serial += 1;
  return simulator.store.addTenant(
    tenantFromRequest({
      seed: `verification ${serial}`,
      size: 20,
      app: { secret },
      consentedApps: consented ? [app.clientId] : [],
    }),
  );
}

/** Signs a person of the tenant in on Microsoft's pages and brings the code back. */
const codeOf = (role: string, at = tenant) =>
  proofCodeOf({ loginOrigin: simulator.loginOrigin, clientId: app.clientId }, at, role);

interface Outcome {
  readonly state: string;
  readonly failure: {
    readonly class: string;
    readonly code: string;
    readonly permission?: string;
  } | null;
  readonly sealed_code: string | null;
  readonly result: {
    readonly permissions: readonly { readonly name: string; readonly granted: boolean }[];
  } | null;
}

const look = async (verificationId: string | null): Promise<Outcome | undefined> => {
  const [row] = await installation.db.ownerSql<Outcome[]>`
    select state, failure, sealed_code, result from verifications where id = ${verificationId}`;
  return row;
};

const outcomeOf = (verificationId: string | null): Promise<Outcome> =>
  waitFor(
    "the verification's end",
    async () => {
      const row = await look(verificationId);
      return row && ["succeeded", "failed"].includes(row.state) ? row : null;
    },
    60_000,
  );

const connectionOf = async ({ connectionId }: TestConnection) => {
  const [row] = await installation.db.ownerSql`
    select status, tenant_id, tenant_name, problem, declined_permissions, proven_at is not null as proven
    from connections where id = ${connectionId}`;
  return row;
};

const auditOf = async ({ workspaceId }: TestConnection) =>
  (
    await installation.db.ownerSql<{ action: string; details: { code?: string } }[]>`
      select action, details from audit_events where workspace_id = ${workspaceId} order by id`
  ).map((event) => [event.action, event.details.code]);

const claims = async () =>
  (
    await installation.db.ownerSql<{ connection_id: string }[]>`
      select connection_id from tenant_claims where tenant_id = ${tenant.spec.id}`
  ).map((claim) => claim.connection_id);

const unbound = {
  status: "awaiting-consent",
  tenant_id: null,
  tenant_name: null,
  problem: null,
  declined_permissions: [],
  proven: false,
};

it.each(["global-administrator", "privileged-role-administrator"])(
  "binds the tenant that a %s has proven",
  async (role) => {
    const made = await createConsentedConnection(installation);
    const outcome = await outcomeOf(await saveProofCode(installation, made, await codeOf(role)));
    expect(outcome).toMatchObject({ state: "succeeded", failure: null, sealed_code: null });
    expect(outcome.result?.permissions.every((permission) => permission.granted)).toBe(true);
    expect(await connectionOf(made)).toEqual({
      ...unbound,
      status: "ready",
      tenant_id: tenant.spec.id,
      tenant_name: tenant.spec.name,
      proven: true,
    });
    expect(await claims()).toEqual([made.connectionId]);
    expect(await auditOf(made)).toEqual([["connection.verified", undefined]]);
  },
);

it.each([
  ["employee", "not-administrator"],
  ["eligible-administrator", "not-administrator"],
  ["guest", "guest"],
])("refuses an %s: %s, and binds nothing", async (role, code) => {
  const made = await createConsentedConnection(installation);
  const outcome = await outcomeOf(await saveProofCode(installation, made, await codeOf(role)));
  expect(outcome).toMatchObject({ state: "failed", failure: { code }, sealed_code: null });
  expect(await connectionOf(made)).toEqual(unbound);
  expect(await claims()).toEqual([]);
  expect(await auditOf(made)).toEqual([["consent.refused", code]]);
});

it("refuses a token without the role claim", async () => {
  const registration = simulator.store.apps.get(app.clientId);
  if (!registration) throw new Error("the registration is there");
  simulator.store.addApp({ ...registration, groupMembershipClaims: "None" });
  try {
    const made = await createConsentedConnection(installation);
    const leg = await codeOf("global-administrator");
    const outcome = await outcomeOf(await saveProofCode(installation, made, leg));
    expect(outcome.failure).toEqual({ class: "permission", code: "no-role-claim" });
    expect(await connectionOf(made)).toEqual(unbound);
  } finally {
    simulator.store.addApp(registration);
  }
});

it("refuses another nonce, a code used before and a code of another tenant", async () => {
  const changes: ((leg: Awaited<ReturnType<typeof codeOf>>) => Promise<typeof leg>)[] = [
    async (leg) => ({ ...leg, nonce: "another" }),
    async (leg) => {
      const used = await createConsentedConnection(installation);
      await outcomeOf(await saveProofCode(installation, used, leg));
      return leg;
    },
    async () => ({
      ...(await codeOf("global-administrator", addTenant())),
      tenantId: tenant.spec.id,
    }),
  ];
  for (const change of changes) {
    tenant = addTenant();
    const leg = await change(await codeOf("global-administrator"));
    const made = await createConsentedConnection(installation);
    const outcome = await outcomeOf(await saveProofCode(installation, made, leg));
    expect(outcome.failure?.code).toBe("invalid-token");
    expect(await connectionOf(made)).toEqual(unbound);
  }
});

it("waits by itself for a consent that has not arrived everywhere", async () => {
  tenant = addTenant(false);
  tenant.knobs.consentReplicationTokens = 2;
  tenant.grant(app.clientId, simulator.store.apps.get(app.clientId)?.permissions ?? []);
  const made = await createConsentedConnection(installation);
  const id = await saveProofCode(installation, made, await codeOf("global-administrator"));
  const waiting = await waitFor("waiting", async () => {
    const row = await look(id);
    return row?.state === "waiting" ? row : null;
  });
  expect(waiting.failure).toMatchObject({ class: "permission", code: "permission-missing" });
  expect(waiting.sealed_code).toBeNull();
  expect((await connectionOf(made))?.status).toBe("verifying");
  expect(await claims()).toEqual([]);
  expect((await outcomeOf(id)).state).toBe("succeeded");
  expect((await connectionOf(made))?.status).toBe("ready");
});

it("imports that wait for a consent to arrive keep no place from others, and say what they wait for", async () => {
  const web = await createTestWeb(installation.db);
  const permissions = simulator.store.apps.get(app.clientId)?.permissions ?? [];
  // One more than a worker has places for directories.
  const pending = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const own = addTenant(false);
      const principal = own.grant(app.clientId, permissions);
      principal.tokensWithoutRoles = 1000;
      const made = await createConsentedConnection(installation);
      await saveProofCode(installation, made, await codeOf("global-administrator", own));
      const owner = await createMember(installation.db, web.platform, made.workspaceId, "owner");
      const { connectionId } = made;
      const { id: importId } = await startImport(owner, { connectionId, trigger: "first" });
      return { principal, look: () => getImport(owner, { importId }) };
    }),
  );
  await waitFor("every import waits for its verification", async () => {
    const imports = await Promise.all(pending.map(({ look }) => look()));
    return imports.every(({ datasets }) =>
      datasets.every(({ awaitsVerification }) => awaitsVerification?.nextAttemptAt != null),
    );
  });

  tenant = addTenant();
  const quick = await createConsentedConnection(installation);
  await outcomeOf(await saveProofCode(installation, quick, await codeOf("global-administrator")));
  const owner = await createMember(installation.db, web.platform, quick.workspaceId, "owner");
  const { connectionId } = quick;
  const { id: importId } = await startImport(owner, { connectionId, trigger: "manual" });
  await waitFor(
    "an import beside them published",
    async () => (await getImport(owner, { importId })).state === "succeeded",
    30_000,
  );

  const meanwhile = await Promise.all(pending.map(({ look }) => look()));
  expect(meanwhile.map(({ state }) => state)).toEqual(Array(5).fill("running"));
  for (const { principal } of pending) principal.tokensWithoutRoles = 0;
  await waitFor(
    "the imports that waited published",
    async () => {
      const imports = await Promise.all(pending.map(({ look }) => look()));
      return imports.every(({ state }) => state === "succeeded");
    },
    90_000,
  );
  await web.close();
}, 180_000);

it("an import that waited for a verification ends with its failure", async () => {
  const made = await registered();
  await saveSecret(installation, made, { secret: "wrong", version: 1, verify: false });
  const { directory } = await createImport(installation, made, { datasets: ["directory"] });
  const run = await waitFor("the run failed", async () => {
    const [row] = await installation.db.ownerSql<{ state: string; failure: unknown }[]>`
      select state, failure from dataset_runs where id = ${directory ?? null}`;
    return row?.state === "failed" ? row : null;
  });
  expect(run.failure).toMatchObject({ class: "credential", code: "secret-wrong" });
});

/** Imports of a connection, as they were asked for. */
const importsOf = ({ connectionId }: TestConnection) =>
  installation.db.ownerSql<{ id: string; trigger: string; requested_by: string }[]>`
    select id, trigger, requested_by from imports where connection_id = ${connectionId}`;

it("starts the first import of a connection begun in the wizard, whoever has closed the page, once", async () => {
  const web = await createTestWeb(installation.db);
  const platform = { ...web.platform, sealer: installation.sealer };
  const { workspaceId } = await createWorkspace(installation.db);
  const admin = await createMember(installation.db, platform, workspaceId, "connection-admin");
  const draft = { source: "microsoft-365", cloud: "global" } as const;
  const consent = await createDraft(admin, {
    ...draft,
    name: "By consent",
    method: "multi-tenant-app",
  });
  const consented = { workspaceId, connectionId: consent.id };
  await installation.db.ownerSql`
    update connections set status = 'verifying', consented_at = now() where id = ${consent.id}`;
  await saveProofCode(installation, consented, await codeOf("global-administrator"));

  const own = addTenant(false);
  const registered = await createDraft(admin, {
    ...draft,
    name: "By an own app",
    method: "registered-app",
    tenantHint: own.spec.id,
  });
  await enterCredential(admin, {
    connectionId: registered.id,
    clientId: own.spec.apps[0]?.clientId ?? "",
    credential: { kind: "secret", secret },
  });

  for (const connectionId of [consent.id, registered.id]) {
    const made = { workspaceId, connectionId };
    const first = await waitFor(
      "the first import",
      async () => {
        const [started] = await importsOf(made);
        if (started === undefined) return null;
        const shown = await getImport(admin, { importId: started.id });
        return shown.state === "succeeded" && shown;
      },
      60_000,
    );
    expect(first).toMatchObject({ trigger: "first", requestedBy: admin.actor.name });
    const idempotencyKey = firstImportKey(connectionId);
    const asked = await startImport(admin, { connectionId, trigger: "first", idempotencyKey });
    expect(asked.id).toBe(first.id);
    const check = await startVerification(admin, { connectionId });
    expect((await outcomeOf(check.id)).state).toBe("succeeded");
    expect(await importsOf(made)).toHaveLength(1);
    const audited = await installation.db.ownerSql`
      select actor_kind, actor_name, details from audit_events
      where workspace_id = ${workspaceId} and action = 'import.started' and target_id = ${first.id}`;
    expect(audited).toMatchObject([
      {
        actor_kind: "system",
        actor_name: "Connecting",
        details: { connectionId, trigger: "first", requestedBy: admin.actor.name },
      },
    ]);
  }
  await web.close();
}, 120_000);

it("imports nothing by itself for a connection made by the API, and none beside one that was asked for", async () => {
  const web = await createTestWeb(installation.db);
  const made = await createConsentedConnection(installation);
  await outcomeOf(await saveProofCode(installation, made, await codeOf("global-administrator")));
  expect(await importsOf(made)).toEqual([]);

  const waiting = await createConsentedConnection(installation);
  await installation.db.ownerSql`
    update connections set first_import_by = 'Ada' where id = ${waiting.connectionId}`;
  const owner = await createMember(installation.db, web.platform, waiting.workspaceId, "owner");
  const { connectionId } = waiting;
  const { id } = await startImport(owner, { connectionId, trigger: "manual" });
  await outcomeOf(
    await saveProofCode(installation, waiting, await codeOf("global-administrator", addTenant())),
  );
  expect((await importsOf(waiting)).map((started) => started.id)).toEqual([id]);
  await web.close();
});

it("tells a declined optional permission and goes on", async () => {
  const principal = tenant.servicePrincipals.get(app.clientId);
  principal?.permissions.delete("AuditLog.Read.All");
  const made = await createConsentedConnection(installation);
  const leg = await codeOf("global-administrator");
  expect((await outcomeOf(await saveProofCode(installation, made, leg))).state).toBe("succeeded");
  expect(await connectionOf(made)).toMatchObject({
    status: "ready",
    declined_permissions: ["AuditLog.Read.All"],
  });
});

it("waits for an optional permission that a connected tenant was asked for again; the connection works meanwhile", async () => {
  const principal = tenant.servicePrincipals.get(app.clientId);
  principal?.permissions.delete("AuditLog.Read.All");
  const made = await createConsentedConnection(installation);
  const prove = async () => {
    const leg = await codeOf("global-administrator");
    const askedPermissions = ["Organization.Read.All", "User.Read.All", "AuditLog.Read.All"];
    return saveProofCode(installation, made, { ...leg, askedPermissions });
  };
  expect((await outcomeOf(await prove())).state).toBe("succeeded");

  const again = await prove();
  const waiting = await waitFor("the verification waits", async () => {
    const row = await look(again);
    return row?.state === "waiting" ? row : null;
  });
  expect(waiting.failure).toMatchObject({ permission: "AuditLog.Read.All" });
  expect(await connectionOf(made)).toMatchObject({ status: "ready" });
  principal?.permissions.add("AuditLog.Read.All");
  expect((await outcomeOf(again)).state).toBe("succeeded");
  expect(await connectionOf(made)).toMatchObject({ status: "ready", declined_permissions: [] });
});

it("tells a taken tenant only to who has proven it: elsewhere, or in this workspace", async () => {
  const first = await createConsentedConnection(installation);
  const prove = async (made: TestConnection) =>
    outcomeOf(await saveProofCode(installation, made, await codeOf("global-administrator")));
  expect((await prove(first)).state).toBe("succeeded");

  const elsewhere = await createConsentedConnection(installation);
  expect((await prove(elsewhere)).failure).toEqual({
    class: "tenant",
    code: "tenant-claimed-elsewhere",
  });
  const here = await createConsentedConnection(installation, first.workspaceId);
  expect((await prove(here)).failure).toEqual({
    class: "tenant",
    code: "connected-already",
    facts: { connectionId: first.connectionId },
  });

  for (const made of [elsewhere, here]) expect(await connectionOf(made)).toEqual(unbound);
  expect(await claims()).toEqual([first.connectionId]);
});

it("refuses a tenant that does not own the entered domain, and takes the one that does", async () => {
  const prove = async (domain: string) => {
    const made = await createConsentedConnection(installation);
    await installation.db.ownerSql`
      update connections set tenant_hint = ${domain} where id = ${made.connectionId}`;
    const leg = await codeOf("global-administrator");
    return { made, outcome: await outcomeOf(await saveProofCode(installation, made, leg)) };
  };
  const other = await prove("somebody-else.example");
  expect(other.outcome.failure).toEqual({
    class: "tenant",
    code: "domain-of-other-tenant",
    facts: { domain: "somebody-else.example" },
  });
  expect(await connectionOf(other.made)).toEqual(unbound);
  expect(await claims()).toEqual([]);
  const own = await prove(tenant.spec.domains[0] ?? "");
  expect(own.outcome.state).toBe("succeeded");
});

it("opens a hand-off link again when its person was refused, and keeps what was asked for once proven", async () => {
  const made = await createConsentedConnection(installation);
  const { db } = installation;
  const handOffId = randomUUID();
  const memberId = randomUUID();
  await db.ownerSql`
    insert into members (workspace_id, id, tenant_id, object_id, name, role)
    values (${made.workspaceId}, ${memberId}, ${randomUUID()}, ${randomUUID()}, 'Asker', 'owner')`;
  const use = () => db.ownerSql`update hand_offs set used_at = now() where id = ${handOffId}`;
  const linkUsed = async () => {
    const [row] = await db.ownerSql`
      select used_at is not null as used from hand_offs where id = ${handOffId}`;
    return row?.used;
  };
  await db.ownerSql`
    insert into hand_offs (workspace_id, id, connection_id, member_id, token_hash, expires_at)
    values (${made.workspaceId}, ${handOffId}, ${made.connectionId}, ${memberId}, ${randomUUID()},
      now() + interval '72 hours')`;
  const asked = { handOffId, askedPermissions: ["Organization.Read.All", "User.Read.All"] };

  await use();
  const employee = { ...(await codeOf("employee")), ...asked };
  expect((await outcomeOf(await saveProofCode(installation, made, employee))).state).toBe("failed");
  expect(await linkUsed()).toBe(false);

  await use();
  const administrator = { ...(await codeOf("global-administrator")), ...asked };
  expect((await outcomeOf(await saveProofCode(installation, made, administrator))).state).toBe(
    "succeeded",
  );
  expect(await linkUsed()).toBe(true);
  const [row] = await db.ownerSql`
    select asked_permissions from connections where id = ${made.connectionId}`;
  expect(row?.asked_permissions).toEqual(asked.askedPermissions);
});

const registered = () => {
  const clientId = tenant.spec.apps[0]?.clientId ?? "";
  return createRegisteredConnection(installation, { tenantId: tenant.spec.id, clientId });
};

const credentialsOf = async ({ connectionId }: TestConnection) =>
  installation.db.ownerSql`
    select version, state, sealed is null as erased from credentials
    where connection_id = ${connectionId} order by version`;

it("activates a verified candidate and erases the one before it", async () => {
  const made = await registered();
  const first = await saveSecret(installation, made, { secret, version: 1, verify: true });
  expect((await outcomeOf(first.verificationId)).state).toBe("succeeded");
  expect(await connectionOf(made)).toMatchObject({
    status: "ready",
    tenant_name: tenant.spec.name,
  });

  const second = await saveSecret(installation, made, { secret, version: 2, verify: true });
  expect((await outcomeOf(second.verificationId)).state).toBe("succeeded");
  expect(await credentialsOf(made)).toEqual([
    { version: 1, state: "retired", erased: true },
    { version: 2, state: "active", erased: false },
  ]);
});

it("never activates a wrong replacement: the old secret goes on", async () => {
  const made = await registered();
  const good = await saveSecret(installation, made, { secret, version: 1, verify: true });
  expect((await outcomeOf(good.verificationId)).state).toBe("succeeded");
  const wrong = await saveSecret(installation, made, { secret: "wrong", version: 2, verify: true });
  expect((await outcomeOf(wrong.verificationId)).failure).toMatchObject({
    class: "credential",
    code: "secret-wrong",
  });
  expect(await credentialsOf(made)).toEqual([
    { version: 1, state: "active", erased: false },
    { version: 2, state: "candidate", erased: false },
  ]);
  expect((await connectionOf(made))?.status).toBe("ready");
});

it("changes to another app of the tenant once its credential has worked, and not before", async () => {
  const made = await registered();
  const good = await saveSecret(installation, made, { secret, version: 1, verify: true });
  expect((await outcomeOf(good.verificationId)).state).toBe("succeeded");
  const [before] = tenant.spec.apps;
  if (before === undefined) throw new Error("the registration is there");
  const clientIdOf = async () =>
    (
      await installation.db.ownerSql<{ client_id: string }[]>`
        select client_id from connections where id = ${made.connectionId}`
    )[0]?.client_id;

  const other = { ...before, clientId: randomUUID() };
  simulator.store.addApp(other);
  const early = await saveSecret(installation, made, {
    secret,
    version: 2,
    verify: true,
    clientId: other.clientId,
  });
  expect((await outcomeOf(early.verificationId)).failure?.code).toBe("app-not-in-tenant");
  expect(await clientIdOf()).toBe(before.clientId);
  expect((await connectionOf(made))?.status).toBe("ready");

  tenant.grant(other.clientId, other.permissions);
  const later = await saveSecret(installation, made, {
    secret,
    version: 3,
    verify: true,
    clientId: other.clientId,
  });
  expect((await outcomeOf(later.verificationId)).state).toBe("succeeded");
  expect(await clientIdOf()).toBe(other.clientId);
  expect((await credentialsOf(made)).at(-1)).toEqual({
    version: 3,
    state: "active",
    erased: false,
  });
  expect(await auditOf(made)).toContainEqual(["connection.app-changed", undefined]);
});

it("tells an expired secret and a missing mandatory permission on a first credential", async () => {
  const registration = simulator.store.apps.get(tenant.spec.apps[0]?.clientId ?? "");
  if (!registration) throw new Error("the registration is there");
  simulator.store.addApp({
    ...registration,
    secrets: registration.secrets.map((known) => ({ ...known, expiresAt: "2026-01-01T00:00:00Z" })),
  });
  const expired = await registered();
  const first = await saveSecret(installation, expired, { secret, version: 1, verify: true });
  expect((await outcomeOf(first.verificationId)).failure?.code).toBe("secret-expired");
  expect(await connectionOf(expired)).toMatchObject({
    status: "action-needed",
    problem: { class: "credential", code: "secret-expired" },
    proven: false,
  });
  expect(await claims()).toEqual([]);

  simulator.store.addApp(registration);
  tenant.servicePrincipals.get(registration.clientId)?.permissions.delete("User.Read.All");
  await installation.db.ownerSql`
    update connections set status = 'disconnected' where id = ${expired.connectionId}`;
  const lacking = await registered();
  const second = await saveSecret(installation, lacking, { secret, version: 1, verify: true });
  expect((await outcomeOf(second.verificationId)).failure).toMatchObject({
    class: "permission",
    code: "permission-missing",
    permission: "User.Read.All",
  });
});

it("refuses a credential sealed for another connection", async () => {
  const [victim, thief] = [await registered(), { ...(await createWorkspace(installation.db)) }];
  const stolen = await saveSecret(installation, victim, { secret, version: 1, verify: false });
  tenant = addTenant();
  const made = await createRegisteredConnection(
    installation,
    { tenantId: tenant.spec.id, clientId: tenant.spec.apps[0]?.clientId ?? "" },
    thief.workspaceId,
  );
  const own = await saveSecret(installation, made, { secret, version: 1, verify: false });
  await installation.db.ownerSql`
    update credentials set sealed = (select sealed from credentials where id = ${stolen.credentialId})
    where id = ${own.credentialId}`;
  const next = await installation.db.ownerSql<{ id: string }[]>`
    insert into verifications (workspace_id, connection_id, kind, credential_id, requested_by)
    values (${made.workspaceId}, ${made.connectionId}, 'credential', ${own.credentialId}, 'test') returning id`;
  expect((await outcomeOf(next[0]?.id ?? null)).failure).toEqual({
    class: "credential",
    code: "credential-unreadable",
  });
});

it("leaves no secret and no code in log, jobs and audit", async () => {
  const { ownerSql } = installation.db;
  const made = await createConsentedConnection(installation);
  const leg = await codeOf("global-administrator");
  await outcomeOf(await saveProofCode(installation, made, leg));
  const rows = JSON.stringify([
    await ownerSql`select data, output from pgboss.job`,
    await ownerSql`select * from audit_events`,
    await ownerSql`select result, failure from verifications`,
  ]);
  for (const hidden of [secret, app.secret, leg.code, leg.verifier]) {
    expect(rows).not.toContain(hidden);
    expect(worker.output()).not.toContain(hidden);
  }
});
