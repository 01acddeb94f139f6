import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credentials } from "#simulator/defaults";
import {
  createInstallation,
  createRegisteredConnection,
  type Installation,
  saveSecret,
} from "./testing/installation.ts";
import type { SecretToTry, TriedSecret } from "./testing/try-secret.ts";

const root = join(import.meta.dirname, "..");
const secret = "canary8Q~secret-that-only-workers-open";
const nowhere = "http://127.0.0.1:9";

let installation: Installation;
let given: SecretToTry;

beforeAll(async () => {
  installation = await createInstallation({
    loginOrigin: nowhere,
    graphOrigin: nowhere,
    reportsOrigin: nowhere,
    multiTenantApp: credentials.multiTenantApp,
  });
  const app = { tenantId: randomUUID(), clientId: randomUUID() };
  const made = await createRegisteredConnection(installation, app);
  const saved = { secret, version: 1, verify: false };
  const { credentialId } = await saveSecret(installation, made, saved);
  const [row] = await installation.db.ownerSql<{ sealed: string }[]>`
    select sealed from credentials where id = ${credentialId}`;
  given = { ...made, credentialId, version: 1, sealed: row?.sealed ?? "" };
}, 120_000);
afterAll(() => installation?.close());

/** The environment `npm start` gives the web program: the public half of the key alone, and its own database role. */
const webEnvironment = () => ({
  APP_URL: installation.workerEnv.APP_URL,
  SECRETS_PUBLIC_KEY: installation.workerEnv.SECRETS_PUBLIC_KEY,
  DATABASE_URL: installation.db.urls.web,
  NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
  AUTH_ENTRA_TENANT_ID: randomUUID(),
  AUTH_ENTRA_CLIENT_ID: randomUUID(),
  AUTH_ENTRA_CLIENT_SECRET: "sign-in",
  MULTI_TENANT_APP_CLIENT_ID: installation.workerEnv.MULTI_TENANT_APP_CLIENT_ID,
});

/** A process of that program tries. */
const tries = (
  program: "web" | "worker",
  environment: Readonly<Record<string, string | undefined>>,
): Promise<TriedSecret> =>
  new Promise((resolve, reject) => {
    const args = ["worker/testing/try-secret.ts", program];
    const env = { PATH: "/usr/bin:/bin", NODE_ENV: "production" as const, ...environment };
    const child = execFile(process.execPath, args, { cwd: root, env }, (error, stdout) =>
      error === null ? resolve(JSON.parse(stdout)) : reject(error),
    );
    child.stdin?.end(JSON.stringify(given));
  });

describe("a stored secret (D16)", () => {
  it("is had by a worker: the same attempts read it and open it", async () => {
    expect(await tries("worker", installation.workerEnv)).toEqual({
      read: given.sealed,
      opened: secret,
    });
  });

  it("is not had by a web process: the database refuses the column, and its key opens nothing", async () => {
    expect(await tries("web", webEnvironment())).toEqual({
      read: "refused: 42501",
      opened: "refused: credential-unreadable",
    });
  });

  it("a web process that is given the worker's keys does not start", async () => {
    const { SECRETS_PRIVATE_KEYS } = installation.workerEnv;
    await expect(tries("web", { ...webEnvironment(), SECRETS_PRIVATE_KEYS })).rejects.toThrow(
      "SECRETS_PRIVATE_KEYS is for the worker alone and must not reach the web program",
    );
  });
});
