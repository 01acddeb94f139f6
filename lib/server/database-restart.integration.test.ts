import { setTimeout as sleep } from "node:timers/promises";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { insertApiToken } from "#db/queries/tokens";
import { createWorkspace } from "#db/testing/factories";
import { createWebPlatform } from "#lib/services/context";
import { type OwnServer, startOwnServer } from "../../worker/testing/own-server.ts";
import { waitFor } from "../../worker/testing/wait-for.ts";
import { api } from "./api.ts";
import { endpoints } from "./endpoints.ts";

let server: OwnServer;
let platform: Awaited<ReturnType<typeof createWebPlatform>>;
let token: string;
const kept = globalThis as { seatledgerPlatform?: Promise<unknown> };

beforeAll(async () => {
  server = await startOwnServer();
  const { publicKey } = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
  platform = await createWebPlatform(
    {
      databaseUrl: server.urls.web,
      appUrl: "http://localhost:3000",
      signInTenants: null,
      multiTenantApp: {},
      origins: {},
      secretsPublicKey: { ...(await exportJWK(publicKey)), kid: "test" },
    },
    () => undefined,
  );
  kept.seatledgerPlatform = Promise.resolve(platform);
  const { workspaceId } = await createWorkspace(server);
  ({ token } = await server.web.inWorkspace(workspaceId, (tx) =>
    insertApiToken(tx, {
      workspaceId,
      name: "visitor",
      role: "viewer",
      createdBy: "test",
      expiresAt: new Date(Date.now() + 3_600_000),
    }),
  ));
}, 120_000);
afterAll(async () => {
  delete kept.seatledgerPlatform;
  await platform?.close();
  await server?.close();
});

const { listLicenses } = endpoints;

async function visit() {
  const startedAt = Date.now();
  const response = await api(listLicenses)(
    new Request(`http://localhost:3000/api/v1${listLicenses.path}`, {
      headers: { authorization: `Bearer ${token}` },
    }),
    { params: Promise.resolve({}) },
  );
  const text = await response.text();
  const { status, headers } = response;
  return { status, text, retryAfter: headers.get("retry-after"), ms: Date.now() - startedAt };
}

it("answers 503 to be tried again while PostgreSQL is away, and is back within 10 s of it (A5)", async () => {
  const answers: Awaited<ReturnType<typeof visit>>[] = [];
  let open = true;
  const visitors = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (open) {
        answers.push(await visit());
        await sleep(50);
      }
    }),
  );
  await waitFor("visitors are served", async () => answers.length > 20);
  await server.crash();
  await waitFor("visitors are sent away", async () => refusals().length > 60, 60_000);
  await server.restart();
  const backAt = Date.now();
  const before = answers.length;
  // Every connection of the pool works again: more answers in a row than it has connections.
  await waitFor("visitors are served again", async () => {
    const last = answers.slice(Math.max(before, answers.length - 30));
    return last.length === 30 && last.every((answer) => answer.status === 200);
  });
  expect(Date.now() - backAt).toBeLessThan(10_000);
  open = false;
  await visitors;

  function refusals() {
    return answers.filter((answer) => answer.status !== 200);
  }
  for (const { status, text, retryAfter } of refusals()) {
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ code: "unavailable" });
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(text).not.toMatch(/\.ts:|\.js:|\bat \S+ \(|postgres|127\.0\.0\.1/);
  }
  // Nobody is kept waiting for a database that is not there.
  expect(Math.max(...refusals().map((answer) => answer.ms))).toBeLessThan(10_000);
}, 180_000);
