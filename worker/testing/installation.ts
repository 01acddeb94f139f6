import { randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { type OpenQueueSender, openQueueSender, type QueueName, queueOfRun } from "#db/queue";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { type Dataset, datasets } from "#lib/domain/import";
import { codeBinding, createSealer, credentialBinding, type Sealer } from "#lib/services/sealing";

/** Where Microsoft is, and our app there. */
export interface MicrosoftAt {
  readonly loginOrigin: string;
  readonly graphOrigin: string;
  readonly reportsOrigin: string;
  readonly multiTenantApp: { readonly clientId: string; readonly secret: string };
}

export const appUrl = "https://app.test";

/** A database with keys and a queue, and the environment its worker is started with. */
export interface Installation {
  readonly db: TestDatabase;
  readonly sealer: Sealer;
  readonly queue: OpenQueueSender;
  readonly workerEnv: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** `given`: a database to install on, closed with the installation; one of its own otherwise. */
export async function createInstallation(
  microsoft: MicrosoftAt,
  given?: TestDatabase,
): Promise<Installation> {
  const db = given ?? (await createTestDatabase());
  const pair = await generateKeyPair("ECDH-ES+A256KW", { crv: "P-256", extractable: true });
  const publicKey = await exportJWK(pair.publicKey);
  const privateKey = await exportJWK(pair.privateKey);
  const kid = await calculateJwkThumbprint(publicKey);
  const queue = await openQueueSender({
    url: db.urls.web,
    applicationName: "test web",
    onError: () => undefined,
  });
  return {
    db,
    queue,
    sealer: await createSealer({ ...publicKey, kid }),
    workerEnv: {
      APP_URL: appUrl,
      DATABASE_URL: db.urls.worker,
      SECRETS_PUBLIC_KEY: JSON.stringify({ ...publicKey, kid }),
      SECRETS_PRIVATE_KEYS: JSON.stringify({ keys: [{ ...privateKey, kid }] }),
      MULTI_TENANT_APP_CLIENT_ID: microsoft.multiTenantApp.clientId,
      MULTI_TENANT_APP_CLIENT_SECRET: microsoft.multiTenantApp.secret,
      MICROSOFT_LOGIN_ORIGIN: microsoft.loginOrigin,
      MICROSOFT_GRAPH_ORIGIN: microsoft.graphOrigin,
      REPORT_DOWNLOAD_ORIGINS: microsoft.reportsOrigin,
    },
    close: async () => {
      await queue.close();
      await db.close();
    },
  };
}

/** A connection as the web program leaves it behind. */
export interface TestConnection {
  readonly workspaceId: string;
  readonly connectionId: string;
}

/** A registered-app connection waiting for its first verification. */
export async function createRegisteredConnection(
  { db }: Installation,
  app: { readonly tenantId: string; readonly clientId: string },
  workspaceId?: string,
): Promise<TestConnection> {
  const workspace = workspaceId ?? (await createWorkspace(db)).workspaceId;
  const connectionId = randomUUID();
  await db.ownerSql`
    insert into connections (workspace_id, id, name, source, method, tenant_id, client_id, status, created_by)
    values (${workspace}, ${connectionId}, 'Registered', 'microsoft-365', 'registered-app',
      ${app.tenantId}, ${app.clientId}, 'verifying', 'test')`;
  return { workspaceId: workspace, connectionId };
}

/** A multi-tenant-app draft whose administrator has come back from Microsoft. */
export async function createConsentedConnection(
  { db }: Installation,
  workspaceId?: string,
): Promise<TestConnection> {
  const workspace = workspaceId ?? (await createWorkspace(db)).workspaceId;
  const connectionId = randomUUID();
  await db.ownerSql`
    insert into connections (workspace_id, id, name, source, method, status, created_by, consented_at)
    values (${workspace}, ${connectionId}, 'Consented', 'microsoft-365', 'multi-tenant-app',
      'verifying', 'test', now())`;
  return { workspaceId: workspace, connectionId };
}

/** Saves a client secret as a candidate, sealed, and asks for its verification when `verify`. */
export async function saveSecret(
  { db, sealer, queue }: Installation,
  connection: TestConnection,
  input: {
    readonly secret: string;
    readonly version: number;
    readonly verify: boolean;
    /** Another app than the connection's. */
    readonly clientId?: string;
  },
): Promise<{ readonly credentialId: string; readonly verificationId: string | null }> {
  const { workspaceId, connectionId } = connection;
  const { version } = input;
  const credentialId = randomUUID();
  const sealed = await sealer.seal(
    input.secret,
    credentialBinding({ connectionId, credentialId, kind: "secret", version }),
  );
  await db.ownerSql`
    insert into credentials (workspace_id, id, connection_id, version, kind, client_id, state, sealed, kid, created_by)
    values (${workspaceId}, ${credentialId}, ${connectionId}, ${version}, 'secret', ${input.clientId ?? null},
      'candidate', ${sealed}, ${sealer.kid}, 'test')`;
  if (!input.verify) return { credentialId, verificationId: null };
  const verificationId = randomUUID();
  await db.ownerSql`
    insert into verifications (workspace_id, id, connection_id, kind, credential_id, requested_by)
    values (${workspaceId}, ${verificationId}, ${connectionId}, 'credential', ${credentialId}, 'test')`;
  await wake({ db, queue }, workspaceId, "verification", verificationId);
  return { credentialId, verificationId };
}

/** Queues the proof of an administrator whose code came back from the proof leg. */
export async function saveProofCode(
  { db, sealer, queue }: Installation,
  connection: TestConnection,
  leg: {
    readonly code: string;
    readonly verifier: string;
    readonly nonce: string;
    readonly tenantId: string;
    /** The session the administrator signed in from; none by default. */
    readonly sessionId?: string;
    /** Of a leg that was begun with a hand-off link. */
    readonly handOffId?: string;
    readonly askedPermissions?: readonly string[];
  },
): Promise<string> {
  const { workspaceId, connectionId } = connection;
  const attemptId = randomUUID();
  const verificationId = randomUUID();
  const sealedCode = await sealer.seal(leg.code, codeBinding(connectionId, attemptId));
  await db.ownerSql`
    insert into consent_attempts (workspace_id, id, leg, connection_id, state_hash, browser_hash,
      expected_tenant_id, nonce, pkce_verifier, expires_at, used_at, session_id, hand_off_id,
      asked_permissions)
    values (${workspaceId}, ${attemptId}, 'proof', ${connectionId}, ${randomUUID()}, 'browser',
      ${leg.tenantId}, ${leg.nonce}, ${leg.verifier}, now() + interval '10 minutes', now(),
      ${leg.sessionId ?? null}, ${leg.handOffId ?? null},
      ${db.ownerSql.json([...(leg.askedPermissions ?? [])])})`;
  await db.ownerSql`
    insert into verifications (workspace_id, id, connection_id, kind, consent_attempt_id, sealed_code, requested_by)
    values (${workspaceId}, ${verificationId}, ${connectionId}, 'proof', ${attemptId}, ${sealedCode}, 'test')`;
  await wake({ db, queue }, workspaceId, "verification", verificationId);
  return verificationId;
}

/** An import of the given datasets; `send: false` leaves waking the worker to the reconciler. */
export async function createImport(
  { db, queue }: Installation,
  connection: TestConnection,
  options: {
    readonly importId?: string;
    readonly datasets?: readonly Dataset[];
    readonly send?: boolean;
  } = {},
): Promise<Readonly<Partial<Record<Dataset, string>>>> {
  const { workspaceId, connectionId } = connection;
  const importId = options.importId ?? randomUUID();
  await db.ownerSql`
    insert into imports (workspace_id, id, connection_id, trigger, requested_by)
    values (${workspaceId}, ${importId}, ${connectionId}, 'manual', 'test')`;
  const runs: Partial<Record<Dataset, string>> = {};
  for (const dataset of options.datasets ?? datasets) {
    const runId = randomUUID();
    runs[dataset] = runId;
    await db.ownerSql`
      insert into dataset_runs (workspace_id, id, connection_id, dataset)
      values (${workspaceId}, ${runId}, ${connectionId}, ${dataset})`;
    await db.ownerSql`
      insert into import_runs (workspace_id, import_id, run_id)
      values (${workspaceId}, ${importId}, ${runId})`;
    if (options.send ?? true) await wake({ db, queue }, workspaceId, queueOfRun(dataset), runId);
  }
  return runs;
}

const wake = (
  { db, queue }: Pick<Installation, "db" | "queue">,
  workspaceId: string,
  name: QueueName,
  id: string,
): Promise<void> =>
  db.web.inWorkspace(workspaceId, (tx) => queue.send(tx, name, { workspaceId, id }, id));
