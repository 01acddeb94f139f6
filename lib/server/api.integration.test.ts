import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { markRemovable } from "#db/queries/snapshots";
import { insertApiToken } from "#db/queries/tokens";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { Role } from "#lib/domain/role";
import { giveDefaultSchedule } from "#lib/services/default-schedule";
import { publishSample } from "#lib/services/testing/published-connection";
import { connectSource } from "#lib/services/testing/sources";
import { createTestWeb, type TestWeb } from "#lib/services/testing/web";
import { GET as health } from "../../app/api/v1/health/route.ts";
import { GET as ready } from "../../app/api/v1/ready/route.ts";
import { api } from "./api.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { readySchema } from "./openapi.ts";

let db: TestDatabase;
let web: TestWeb;
let workspaceId: string;
const tokens = new Map<Role, string>();
const kept = globalThis as { seatledgerPlatform?: Promise<unknown> };

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  kept.seatledgerPlatform = Promise.resolve(web.platform);
  ({ workspaceId } = await createWorkspace(db));
  for (const role of ["owner", "viewer", "auditor"] as const) {
    tokens.set(role, await createToken(role));
  }
});
afterAll(async () => {
  delete kept.seatledgerPlatform;
  await web?.close();
  await db?.close();
});

async function createToken(role: Role, expiresAt = new Date(Date.now() + 3_600_000)) {
  const { token } = await db.web.inWorkspace(workspaceId, (tx) =>
    insertApiToken(tx, { workspaceId, name: `${role} token`, role, createdBy: "test", expiresAt }),
  );
  return token;
}

interface Call {
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly rawBody?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: Role;
  readonly token?: string;
}

/** Calls the route handler of an endpoint with a real Request. */
async function call(endpoint: Endpoint, given: Call = {}) {
  const path = endpoint.path.replace("{id}", given.id ?? "");
  const url = new URL(`http://localhost:3000/api/v1${path}`);
  for (const [name, value] of Object.entries(given.query ?? {}))
    url.searchParams.append(name, value);
  const body = given.rawBody ?? (given.body === undefined ? null : JSON.stringify(given.body));
  const response = await api(endpoint)(
    new Request(url, {
      method: endpoint.method,
      headers: {
        authorization: `Bearer ${given.token ?? tokens.get(given.as ?? "owner")}`,
        ...(body === null ? {} : { "content-type": "application/json" }),
        ...given.headers,
      },
      body,
    }),
    { params: Promise.resolve(given.id === undefined ? {} : { id: given.id }) },
  );
  const text = await response.text();
  return { response, status: response.status, body: text === "" ? null : JSON.parse(text), text };
}

/** A success whose body is what the document says. */
async function ok(endpoint: Endpoint, given: Call = {}) {
  const answer = await call(endpoint, given);
  expect([endpoint.id, answer.status, answer.text.slice(0, 300)]).toEqual([
    endpoint.id,
    endpoint.status,
    expect.any(String),
  ]);
  if (endpoint.output !== null) {
    expect(endpoint.output.safeParse(answer.body)).toMatchObject({ success: true });
  }
  expect(answer.response.headers.get("cache-control")).toBe("private, no-store");
  expect(answer.response.headers.get("x-content-type-options")).toBe("nosniff");
  return answer.body;
}

const connectionBody = (given: Record<string, unknown> = {}) => ({
  name: "Contoso",
  source: "microsoft-365",
  method: "registered-app",
  cloud: "global",
  tenantId: randomUUID(),
  clientId: randomUUID(),
  credential: { kind: "secret", secret: "canary~secret" },
  ...given,
});

const organisationBody = {
  name: "Contoso Group",
  region: "eu",
  orgId: "28010",
  credential: { kind: "refresh-token", refreshToken: "canary~refresh" },
};

const weekly = { cadence: "weekly", weekday: "sunday", time: "03:30", timeZone: "Europe/Berlin" };

type Run = (endpoint: Endpoint, given?: Call) => Promise<{ readonly id: string }>;

async function runManagedApp(run: Run): Promise<void> {
  const source = "saas-management";
  const { connectionId: id } = await createTestConnection(db, { workspaceId, source });
  const name = { kind: "license", externalId: "7001" };
  const skuId = "05e9a617-0261-4cee-bb44-138d3ef5d965";
  await run(endpoints.mapSku, { id, body: { ...name, skuId } });
  await run(endpoints.unmapSku, { id, query: name });
  await run(endpoints.getSkuMapping, { id });
  await run(endpoints.listUnmatchedPeople, { id });
}

async function runSwitches(run: Run): Promise<void> {
  const tenantId = randomUUID();
  for (const source of ["office-365-deprecated", "microsoft-365"] as const) {
    await (await connectSource(db, { workspaceId, tenantId, source })).publish({ 1: 3 });
  }
  const body = { by: "microsoft-365", tenantId };
  await run(endpoints.previewSwitch, { body });
  const { id } = await run(endpoints.startParallelRun, { body: { ...body, days: 3 } });
  await run(endpoints.endParallelRun, { id });
  const made = await run(endpoints.switchSource, { body });
  expect(await run(endpoints.previewSwitch, { body })).toMatchObject({
    inForce: { id: made.id },
    undo: { before: { licenses: 1 }, after: { licenses: 1 } },
  });
  expect(await run(endpoints.listSwitches)).toMatchObject({ inForce: [{ id: made.id }] });
  expect(await call(endpoints.switchSource, { body })).toMatchObject({
    status: 409,
    body: { code: "conflict", existingId: made.id },
  });
  await run(endpoints.undoSwitch, { id: made.id });
}

describe("every operation", () => {
  it("answers as the document says, from connecting to disconnecting", async () => {
    const used = new Set<string>();
    const run = async (endpoint: Endpoint, given: Call = {}) => {
      used.add(endpoint.id);
      return ok(endpoint, given);
    };
    const { id } = await run(endpoints.createConnection, { body: connectionBody() });
    await run(endpoints.listConnections);
    await run(endpoints.getConnection, { id });
    await run(endpoints.updateConnection, { id, body: { name: "Contoso AG" } });
    await run(endpoints.replaceCredential, {
      id,
      body: { credential: { kind: "secret", secret: "another~one", expiresAt: "2099-01-01" } },
    });
    await db.worker.inWorkspace(workspaceId, (tx) =>
      giveDefaultSchedule(tx, { workspaceId, connectionId: id }),
    );
    expect(await run(endpoints.getSchedule, { id })).toMatchObject({ cadence: "daily" });
    expect(await run(endpoints.updateSchedule, { id, body: weekly })).toMatchObject(weekly);
    const organisation = await run(endpoints.createOrganisation, { body: organisationBody });
    const made = { id: organisation.id };
    await run(endpoints.listOrganisations);
    expect(await run(endpoints.getOrganisation, made)).toMatchObject({ status: "checking" });
    expect(
      await run(endpoints.renameOrganisation, { ...made, body: { name: " Contoso AG " } }),
    ).toMatchObject({ id: organisation.id, name: "Contoso AG", orgId: "28010" });
    expect(
      await call(endpoints.renameOrganisation, { ...made, body: { name: "A", orgId: "1" } }),
    ).toMatchObject({ status: 400, body: { code: "invalid" } });
    await run(endpoints.replaceOrganisationCredential, {
      ...made,
      body: { credential: { kind: "service-account", clientId: "c", clientSecret: "canary" } },
    });
    await run(endpoints.startOrganisationCheck, made);
    expect(
      await call(endpoints.createConnection, {
        body: {
          name: "Contoso",
          source: "saas-management",
          tenantId: randomUUID(),
          organisationId: organisation.id,
          managedAppId: "4001",
        },
      }),
    ).toMatchObject({ status: 409, body: { code: "conflict" } });
    await run(endpoints.removeOrganisation, made);
    const verification = await run(endpoints.startVerification, { id });
    await run(endpoints.getVerification, { id: verification.id });
    await run(endpoints.listVerifications, { id });
    await run(endpoints.listAlerts);
    await run(endpoints.listPackages, { id });
    const started = await run(endpoints.startImport, { id, headers: { "idempotency-key": "k-1" } });
    expect(await run(endpoints.startImport, { id, headers: { "idempotency-key": "k-1" } })).toEqual(
      started,
    );
    const imported = await run(endpoints.getImport, { id: started.id });
    expect(imported.streams.map((stream: { name: string }) => stream.name)).toEqual([
      "organization",
      "subscriptions",
      "users",
      "groups",
      "deleted-users",
      "sign-ins",
      "usage",
    ]);
    expect(imported).toMatchObject({ state: "queued", trigger: "api" });
    await run(endpoints.listImports, { query: { connectionId: id } });
    await run(endpoints.cancelImport, { id: started.id, body: { dataset: "usage" } });
    for (const decision of [endpoints.publishImport, endpoints.discardImport]) {
      used.add(decision.id);
      expect(await call(decision, { id: started.id })).toMatchObject({ status: 409 });
    }
    await publishSample(db, workspaceId);
    const { items } = await run(endpoints.listLicenses, { query: { search: "SKU_1", limit: "1" } });
    const license = items[0];
    await run(endpoints.getLicense, { id: license.id });
    await run(endpoints.listAssignments, { id: license.id, query: { activity: "inactive" } });
    await run(endpoints.listSubscriptions, { id: license.id });
    const changed = await run(endpoints.listLicenseChanges, { id: license.id });
    expect(changed.items[0]).toMatchObject({ kind: "sku-new", person: null });
    await run(endpoints.listImportChanges, { id: started.id });
    await run(endpoints.listOpportunities, { query: { connectionId: license.connectionId } });
    await run(endpoints.getOpportunitySummary);
    await runManagedApp(run);
    await runSwitches(run);
    await run(endpoints.disconnectConnection, { id });
    expect([...used].toSorted()).toEqual(Object.keys(endpoints).toSorted());
  });

  it("connects a tenant for packages, which are all there is to verify, once", async () => {
    const tenantId = randomUUID();
    const body = {
      name: "Closed network",
      source: "office-365-deprecated",
      tenantId,
      cloud: "china",
    };
    const { id } = await ok(endpoints.createConnection, { body });
    expect(await call(endpoints.createConnection, { body })).toMatchObject({
      status: 409,
      body: { code: "conflict", existingId: id },
    });
    expect(await ok(endpoints.getConnection, { id })).toMatchObject({
      ...{ source: "office-365-deprecated", method: null, cloud: "china", tenantId },
      ...{ status: "draft", credential: null },
    });
    const answer = await ok(endpoints.createConnection, {
      body: { ...body, tenantId: randomUUID(), method: null },
    });
    expect(answer).toEqual({ id: answer.id, status: "draft", verificationId: null });
  });

  it.each([
    ["source", { source: "okta" }],
    ["source", { source: undefined }],
    ["method", { method: "registered-app" }],
    ["clientId", { clientId: randomUUID() }],
    ["credential", { credential: { kind: "secret", secret: "a~b" } }],
    ["tenantId", { tenantId: "contoso.com" }],
  ])("refuses at %s what a connection for packages does not have", async (field, given) => {
    const body = { name: "Old", source: "office-365-deprecated", tenantId: randomUUID(), ...given };
    expect(await call(endpoints.createConnection, { body })).toMatchObject({
      status: 400,
      body: { code: "invalid", fields: { [field]: expect.any(String) } },
    });
  });

  it("names the charset, without which Windows PowerShell reads Latin-1", async () => {
    const { response } = await call(endpoints.listConnections);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  });

  it("answers ids that are unknown, foreign or no ids with 404", async () => {
    const elsewhere = await createWorkspace(db);
    const { connection } = await publishSample(db, elsewhere.workspaceId);
    for (const endpoint of Object.values(endpoints)) {
      if (endpoint.idField === null) continue;
      const bodies: Readonly<Record<string, unknown>> = {
        replaceCredential: { credential: connectionBody().credential },
        updateSchedule: weekly,
        replaceOrganisationCredential: { credential: organisationBody.credential },
        renameOrganisation: { name: "Contoso AG" },
        mapSku: { kind: "license", externalId: "1", skuId: randomUUID() },
      };
      const name = { kind: "license", externalId: "1" };
      const queries: Readonly<Record<string, Record<string, string>>> = { unmapSku: name };
      const query = queries[endpoint.id] ?? {};
      const body = endpoint.id in bodies ? { body: bodies[endpoint.id] } : {};
      for (const id of [randomUUID(), connection.connectionId, "..%2f", "1"]) {
        const answer = await call(endpoint, { id, query, ...body });
        expect([endpoint.id, id, answer.status, answer.body?.code]).toEqual([
          endpoint.id,
          id,
          404,
          "not-found",
        ]);
      }
    }
  });
});

describe("refusals", () => {
  it("A22: tell a reader whose numbers are gone that newer data is available, by 410 and a stable code", async () => {
    const { workspaceId: id } = await createWorkspace(db);
    const sample = await publishSample(db, id);
    const { token } = await db.web.inWorkspace(id, (tx) =>
      insertApiToken(tx, {
        workspaceId: id,
        name: "reader",
        role: "viewer",
        createdBy: "test",
        expiresAt: new Date(Date.now() + 3_600_000),
      }),
    );
    const { body } = await call(endpoints.listLicenses, { token, query: { limit: "1" } });
    const next = { token, query: { limit: "1", cursor: body.nextCursor } };
    await sample.republish(30);
    expect((await call(endpoints.listLicenses, next)).body).toMatchObject({ newerData: true });
    await sample.republish(20);
    await db.ownerSql`
      update reconciliations set created_at = created_at - interval '25 hours' where workspace_id = ${id}`;
    await db.worker.inWorkspace(id, (tx) => markRemovable(tx, { workspaceId: id }));
    const gone = await call(endpoints.listLicenses, next);
    expect(gone.response.headers.get("content-type")).toBe("application/problem+json");
    expect(gone).toMatchObject({
      status: 410,
      body: { code: "newer-data", type: "urn:seatledger:problem:newer-data" },
    });
  });

  it("are problem+json with a stable code", async () => {
    const { response, body } = await call(endpoints.listLicenses, { token: "sl_unknown" });
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(body).toMatchObject({ status: 401, code: "unauthenticated", title: expect.any(String) });
  });

  it("come for expired and revoked tokens alike", async () => {
    const expired = await createToken("owner", new Date(Date.now() - 1000));
    const revoked = await createToken("owner");
    await db.ownerSql`update api_tokens set revoked_at = now()
      where id = (select id from api_tokens where workspace_id = ${workspaceId} order by created_at desc limit 1)`;
    const answers = await Promise.all(
      [expired, revoked, ""].map((token) => call(endpoints.listLicenses, { token })),
    );
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  });

  it("follow the token's role", async () => {
    const body = connectionBody();
    expect(await call(endpoints.createConnection, { as: "viewer", body })).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    const shown = await call(endpoints.listOpportunities, {
      as: "viewer",
      query: { limit: "100" },
    });
    expect(shown.body.items.length).toBeGreaterThan(0);
    expect(shown.text).not.toMatch(/User \d|contoso\.example/);
  });

  it.each<[string, Call, number, string]>([
    ["broken JSON", { rawBody: "{" }, 400, "malformed"],
    ["no object", { rawBody: "[1]" }, 400, "malformed"],
    ["no UTF-8", { rawBody: new Uint8Array([0xff, 0xfe]) }, 400, "malformed"],
    [
      "another type",
      { rawBody: "a=1", headers: { "content-type": "text/plain" } },
      415,
      "unsupported-media-type",
    ],
    ["above 1 MB", { rawBody: `{"name":"${"x".repeat(1_100_000)}"}` }, 413, "too-large"],
    ["nothing", {}, 400, "invalid"],
  ])("of %s", async (_name, given, status, code) => {
    expect(await call(endpoints.createConnection, given)).toMatchObject({ status, body: { code } });
  });

  it("name the fields, and never repeat a secret", async () => {
    const secret = randomUUID();
    const answer = await call(endpoints.createConnection, {
      body: connectionBody({ name: "-", credential: { kind: "secret", secret }, extra: 1 }),
    });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields).toSorted()).toEqual([
      "credential.secret",
      "extra",
      "name",
    ]);
    expect(answer.text).not.toContain(secret);
  });

  it("tell the connection that is there already, and when to come back", async () => {
    const body = connectionBody();
    const { id } = await ok(endpoints.createConnection, { body });
    const again = await call(endpoints.createConnection, { body });
    expect(again).toMatchObject({ status: 409, body: { code: "conflict", existingId: id } });
    for (let count = 0; count < 6; count += 1) {
      const started = await ok(endpoints.startImport, { id });
      await ok(endpoints.cancelImport, { id: started.id });
    }
    const limited = await call(endpoints.startImport, { id });
    expect(limited).toMatchObject({ status: 429, body: { code: "rate-limited" } });
    expect(Number(limited.response.headers.get("retry-after"))).toBeGreaterThan(60);
  });

  it("A12: an idempotency key of another connection is a conflict, and imports nothing", async () => {
    const headers = { "idempotency-key": "one-key-for-two" };
    const [first, second] = [
      await ok(endpoints.createConnection, { body: connectionBody() }),
      await ok(endpoints.createConnection, { body: connectionBody() }),
    ];
    const started = await ok(endpoints.startImport, { id: first.id, headers });
    expect(await call(endpoints.startImport, { id: second.id, headers })).toMatchObject({
      status: 409,
      body: { code: "conflict" },
    });
    const importsOf = async (connectionId: string) =>
      (await ok(endpoints.listImports, { query: { connectionId } })).items;
    expect(await importsOf(second.id)).toEqual([]);
    expect((await importsOf(first.id)).map(({ id }: { id: string }) => id)).toEqual([started.id]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["limit", { limit: "101" }],
    ["limit", { limit: "0" }],
    ["sort", { sort: "id; drop table licenses" }],
    ["compliance", { compliance: "fine" }],
    ["search", { search: "x".repeat(10_000) }],
    ["cursor", { cursor: "e30.x" }],
    ["nonsense", { nonsense: "1" }],
  ])("name the parameter %s", async (field, query) => {
    expect(await call(endpoints.listLicenses, { query })).toMatchObject({
      status: 400,
      body: { fields: { [field]: expect.any(String) } },
    });
  });

  it("do not let the body say what path and edge decide", async () => {
    const { id } = await ok(endpoints.createConnection, { body: connectionBody() });
    for (const field of ["connectionId", "trigger", "idempotencyKey"]) {
      expect(await call(endpoints.startImport, { id, body: { [field]: "x" } })).toMatchObject({
        status: 400,
        body: { fields: { [field]: expect.any(String) } },
      });
    }
  });
});

describe("health and ready", () => {
  it("tell that the process lives and that it can serve", async () => {
    expect(await health().json()).toEqual({ status: "ok" });
    const response = await ready();
    const body = readySchema.parse(await response.json());
    expect([response.status, body]).toEqual([
      200,
      {
        ready: true,
        database: "ok",
        migrations: "current",
        queue: "ok",
        workerSeenSecondsAgo: null,
      },
    ]);
  });

  it("say 503 with the reason when migrations are missing or the database is away", async () => {
    await db.ownerSql`update drizzle.__drizzle_migrations set created_at = created_at - 1`;
    const behind = await ready();
    expect([behind.status, (await behind.json()).migrations]).toEqual([503, "behind"]);
    await db.ownerSql`update drizzle.__drizzle_migrations set created_at = created_at + 1`;
    const away = await createTestDatabase();
    const gone = await createTestWeb(away);
    await gone.close();
    await away.close();
    kept.seatledgerPlatform = Promise.resolve(gone.platform);
    const response = await ready();
    expect([response.status, (await response.json()).database]).toEqual([503, "unreachable"]);
    const answer = await call(endpoints.listLicenses);
    expect([answer.status, answer.body.code]).toEqual([503, "unavailable"]);
    kept.seatledgerPlatform = Promise.resolve(web.platform);
  });
});
