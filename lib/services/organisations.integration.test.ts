import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listSkuMappings } from "#db/queries/sku-mappings";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { FailureError } from "#lib/domain/failure";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { askOrganisationChecks, wakeOrganisationChecks } from "./ask-organisation-checks.ts";
import type { Ctx } from "./context.ts";
import { createOrganisation } from "./create-organisation.ts";
import { createSaasConnection } from "./create-saas-connection.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { enterOrganisation } from "./enter-organisation.ts";
import { enterOrganisationExpiry } from "./enter-organisation-expiry.ts";
import { UseCaseError } from "./errors.ts";
import { getConnection } from "./get-connection.ts";
import { getOrganisation } from "./get-organisation.ts";
import { getSchedule } from "./get-schedule.ts";
import { getSkuMapping } from "./get-sku-mapping.ts";
import { listAlerts } from "./list-alerts.ts";
import { listAuditEvents } from "./list-audit-events.ts";
import { listCredentials } from "./list-credentials.ts";
import { listKnownTenants } from "./list-known-tenants.ts";
import { listOrganisations } from "./list-organisations.ts";
import { listProducts } from "./list-products.ts";
import { mapSku } from "./map-sku.ts";
import { openSaasClient } from "./open-saas-client.ts";
import { removeOrganisation } from "./remove-organisation.ts";
import { renameOrganisation } from "./rename-organisation.ts";
import { replaceOrganisationCredential } from "./replace-organisation-credential.ts";
import { runOrganisationCheck } from "./run-organisation-check.ts";
import { startOrganisationCheck } from "./start-organisation-check.ts";
import {
  createSaasService,
  type SaasService,
  simulatedOrganisation,
} from "./testing/saas-service.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { unmapSku } from "./unmap-sku.ts";

let db: TestDatabase;
let web: TestWeb;
let saas: SaasService;
let owner: Ctx;

const { signal } = new AbortController();
const refreshToken = {
  kind: "refresh-token",
  refreshToken: simulatedOrganisation.refreshToken,
} as const;
const serviceAccount = {
  kind: "service-account",
  clientId: simulatedOrganisation.client.id,
  clientSecret: simulatedOrganisation.client.secret,
} as const;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  saas = await createSaasService();
});
afterAll(async () => {
  await saas?.close();
  await web?.close();
  await db?.close();
});
beforeEach(async () => {
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
  await saas.put("na", {});
});

const worker = () => ({
  db: db.worker,
  queue: web.platform.queue,
  opener: web.opener,
  saasManagement: saas.gateway,
  log: {
    info: () => undefined,
    error: (event: string, _facts: unknown, error: unknown) => {
      throw new Error(event, { cause: error });
    },
  },
});

const work = (checkId: string) =>
  runOrganisationCheck(worker(), { workspaceId: owner.workspaceId, checkId }, signal);

/** Enters an organisation and has it checked. */
async function enter(
  given: Partial<Parameters<typeof createOrganisation>[1]> = {},
): Promise<OrganisationItem> {
  const { id, checkId } = await createOrganisation(owner, {
    name: "Contoso Group",
    region: "na",
    orgId: simulatedOrganisation.id,
    credential: refreshToken,
    ...given,
  });
  await work(checkId);
  return getOrganisation(owner, { organisationId: id });
}

const connect = (
  organisationId: string,
  given: Partial<Parameters<typeof createSaasConnection>[1]> = {},
  ctx = owner,
) =>
  createSaasConnection(ctx, {
    name: "Contoso",
    organisationId,
    managedAppId: "4001",
    tenantId: saas.tenantIds[0] ?? "",
    ...given,
  });

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof UseCaseError)) throw error;
      const { code, fields, existingId, message } = error;
      return { code, fields, existingId, message };
    },
  );

describe("an organisation", () => {
  it.each([refreshToken, serviceAccount])(
    "is verified by its $kind and lists its applications",
    async (credential) => {
      const organisation = await enter({ credential });
      expect(organisation).toMatchObject({
        status: "ready",
        problem: null,
        verifiedAt: expect.any(String),
        credential: { kind: credential.kind, state: "active", version: 1, expiresAt: null },
        check: { state: "succeeded", error: null },
      });
      expect(organisation.applications.map(({ id }) => id).toSorted()).toEqual([
        "4001",
        "4002",
        "4003",
      ]);
      expect(organisation.applications[0]).toMatchObject({
        appName: "Office 365",
        active: true,
        listed: "once",
        children: [{ id: expect.any(String), name: expect.stringMatching(/^Visio/) }],
        connection: null,
      });
      const audit = (await listAuditEvents(owner, {})).items;
      expect(audit.map(({ action }) => action)).toEqual([
        "organisation.verified",
        "organisation.created",
      ]);
      expect(JSON.stringify(audit)).not.toContain("canary");
      expect(JSON.stringify(organisation)).not.toContain("canary");
    },
  );

  it("gives the worker a client, and nobody once its credential is gone", async () => {
    const { id: organisationId } = await enter();
    const key = { workspaceId: owner.workspaceId, organisationId };
    const client = await openSaasClient(worker(), key, signal);
    const { value } = await client.managedApps("licenseUsage", { signal }).next();
    expect(value?.rows[0]?.licenses.length).toBeGreaterThan(0);
    await removeOrganisation(owner, { organisationId });
    const gone = await openSaasClient(worker(), key, signal).catch((error: unknown) => error);
    expect(gone instanceof FailureError && gone.failure).toEqual({
      class: "credential",
      code: "saas-credential-missing",
    });
    const elsewhere = { ...key, workspaceId: (await createWorkspace(db)).workspaceId };
    await expect(openSaasClient(worker(), elsewhere, signal)).rejects.toThrow(FailureError);
  });

  it("is told which region knows it", async () => {
    await saas.put("eu", { id: "777", refreshToken: "only~there" });
    const organisation = await enter({
      orgId: "777",
      credential: { kind: "refresh-token", refreshToken: "only~there" },
    });
    expect(organisation).toMatchObject({ status: "unverified", applications: [] });
    expect(organisation.check?.error).toMatchObject({
      code: "saas-wrong-region",
      what: expect.stringContaining("Europe"),
    });
    const again = await enterOrganisation(owner, {
      organisationId: organisation.id,
      name: "Contoso Europe",
      region: "eu",
      orgId: "777",
      credential: { kind: "refresh-token", refreshToken: "only~there" },
    });
    await work(again.checkId);
    expect(await getOrganisation(owner, { organisationId: organisation.id })).toMatchObject({
      status: "ready",
      name: "Contoso Europe",
      problem: null,
    });
    expect(
      await refusal(
        enterOrganisation(owner, {
          organisationId: organisation.id,
          name: "Again",
          region: "na",
          orgId: "777",
          credential: refreshToken,
        }),
      ),
    ).toMatchObject({ code: "conflict" });
  });

  it.each([
    [
      "an expired refresh token",
      { credential: { kind: "refresh-token", refreshToken: "revoked" } as const },
      "saas-credential-refused",
    ],
    ["an organisation that is not known", { orgId: "404404" }, "saas-not-found"],
    ["a credential of another organisation", { orgId: "28011" }, "saas-role-missing"],
  ] as const)("is refused by name for %s", async (_name, given, code) => {
    await saas.put("na", { id: "28011", refreshToken: "other", client: { id: "o", secret: "o" } });
    const organisation = await enter(given);
    expect(organisation).toMatchObject({ status: "unverified", check: { error: { code } } });
    expect(organisation.check?.error?.what).not.toBe("");
    expect(await refusal(connect(organisation.id))).toMatchObject({ code: "conflict" });
  });

  it("is there once per workspace, and corrected no further than that", async () => {
    const { id } = await enter();
    expect(await refusal(enter({ name: "Twice" }))).toMatchObject({
      code: "conflict",
      existingId: id,
      fields: { orgId: expect.any(String) },
    });
    const other = await enter({ orgId: "404404" });
    expect(
      await refusal(
        enterOrganisation(owner, {
          organisationId: other.id,
          name: "Other",
          region: "na",
          orgId: simulatedOrganisation.id,
          credential: refreshToken,
        }),
      ),
    ).toMatchObject({ code: "conflict", existingId: id });
    const elsewhere = await createMember(
      db,
      web.platform,
      (await createWorkspace(db)).workspaceId,
      "owner",
    );
    const made = await createOrganisation(elsewhere, {
      name: "Contoso Group",
      region: "na",
      orgId: simulatedOrganisation.id,
      credential: refreshToken,
    });
    expect(await listOrganisations(owner)).toHaveLength(2);
    expect(await refusal(getOrganisation(owner, { organisationId: made.id }))).toMatchObject({
      code: "not-found",
    });
  });

  it.each([
    ["region", { region: "mars" }],
    ["orgId", { orgId: "../orgs/1" }],
    ["name", { name: " " }],
    ["credential.refreshToken", { credential: { kind: "refresh-token", refreshToken: "" } }],
    ["credential.clientSecret", { credential: { ...serviceAccount, clientSecret: "with space" } }],
    ["credential.expiresAt", { credential: { ...refreshToken, expiresAt: "2020-01-01" } }],
  ])("names %s", async (field, given) => {
    const input = {
      name: "Contoso Group",
      region: "na",
      orgId: "28010",
      credential: refreshToken,
      ...given,
    } as Parameters<typeof createOrganisation>[1];
    expect(await refusal(createOrganisation(owner, input))).toMatchObject({
      code: "invalid",
      fields: { [field]: expect.any(String) },
    });
  });

  it("is renamed when it is verified too, wherever it is named, and audited once", async () => {
    const { id: organisationId, ...organisation } = await enter();
    const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    await enterOrganisationExpiry(owner, { organisationId, expiresOn: day });
    const renamed = await renameOrganisation(owner, { organisationId, name: "  Contoso AG " });
    expect(renamed).toMatchObject({
      name: "Contoso AG",
      status: "ready",
      verifiedAt: organisation.verifiedAt,
      applications: organisation.applications,
      credential: { version: 1, state: "active" },
    });
    expect(await getOrganisation(owner, { organisationId })).toMatchObject({ name: "Contoso AG" });
    expect(await listCredentials(owner)).toMatchObject([{ holder: { name: "Contoso AG" } }]);
    expect((await listAlerts(owner, { state: "open" })).items).toMatchObject([
      { what: expect.stringContaining("organisation Contoso AG expires") },
    ]);
    expect(await renameOrganisation(owner, { organisationId, name: "Contoso AG" })).toMatchObject({
      name: "Contoso AG",
    });
    const audited = await listAuditEvents(owner, { action: "organisation.renamed" });
    expect(audited.items).toMatchObject([
      { targetId: organisationId, details: { from: "Contoso Group", to: "Contoso AG" } },
    ]);
    await removeOrganisation(owner, { organisationId });
    expect(
      await refusal(renameOrganisation(owner, { organisationId, name: "Gone" })),
    ).toMatchObject({ code: "not-found" });
  });

  it("may be called as another one, as when it is entered: their numbers differ", async () => {
    const { id } = await enter();
    const other = await enter({ name: "Fabrikam", orgId: "404404" });
    await renameOrganisation(owner, { organisationId: other.id, name: "Contoso Group" });
    expect(await listOrganisations(owner)).toMatchObject(
      [id, other.id].toSorted().map((same) => ({ id: same, name: "Contoso Group" })),
    );
  });

  it.each(["", "  ", "a".repeat(81), "line\nfeed"])("is not renamed to %j", async (name) => {
    const { id: organisationId } = await enter();
    expect(await refusal(renameOrganisation(owner, { organisationId, name }))).toMatchObject({
      code: "invalid",
      fields: { name: expect.any(String) },
    });
    expect(await getOrganisation(owner, { organisationId })).toMatchObject({
      name: "Contoso Group",
    });
  });

  it("is removed when nothing reads with it any more, and its secret erased", async () => {
    const { id: organisationId } = await enter();
    const { id: connectionId } = await connect(organisationId);
    expect(await refusal(removeOrganisation(owner, { organisationId }))).toMatchObject({
      code: "conflict",
      existingId: connectionId,
    });
    await disconnectConnection(owner, { connectionId });
    await removeOrganisation(owner, { organisationId });
    expect(await listOrganisations(owner)).toEqual([]);
    const rows = await db.ownerSql`
      select state, sealed from saas_credentials where organisation_id = ${organisationId}`;
    expect(rows).toEqual([{ state: "retired", sealed: null }]);
    // The same organisation may come again.
    expect(await enter()).toMatchObject({ status: "ready" });
  });

  describe("that comes again", () => {
    const mappingsOf = (connectionId: string) =>
      db.web.inWorkspace(owner.workspaceId, (tx) =>
        listSkuMappings(tx, { workspaceId: owner.workspaceId, connectionId }),
      );
    const license = { kind: "license", externalId: "L-1" } as const;
    const sku = { kind: "sku", externalId: "CONTOSO_E3" } as const;
    const takenOver = async (connectionId: string) => {
      const { application } = await getConnection(owner, { connectionId });
      expect((await getSkuMapping(owner, { connectionId })).takenOver).toEqual(
        application?.takenOver,
      );
      return application?.takenOver;
    };
    const leave = async (connectionId: string, organisationId: string) => {
      await disconnectConnection(owner, { connectionId });
      await removeOrganisation(owner, { organisationId });
    };

    it("finds what people mapped for its application, and tells how much, from where and by whom", async () => {
      const { id: organisationId } = await enter();
      const { id: connectionId } = await connect(organisationId, { name: "Former" });
      const [product, other] = (await listProducts(owner)).items.map(({ skuId }) => skuId);
      await mapSku(owner, { connectionId, ...license, skuId: product ?? "" });
      const colleague = await createMember(db, web.platform, owner.workspaceId, "connection-admin");
      await mapSku(colleague, { connectionId, ...sku, skuId: product ?? "" });
      expect(await takenOver(connectionId)).toBeNull();
      await leave(connectionId, organisationId);

      const { id: anew } = await enter();
      const again = await connect(anew);
      const decided = (rows: Awaited<ReturnType<typeof mappingsOf>>) =>
        rows.map(({ takenFrom: _, ...row }) => row);
      const kept = await mappingsOf(again.id);
      expect(decided(kept)).toEqual(decided(await mappingsOf(connectionId)));
      expect(kept).toMatchObject([
        { ...license, mappedBy: owner.actor.name, takenFrom: connectionId },
        { ...sku, mappedBy: colleague.actor.name, takenFrom: connectionId },
      ]);
      const told = {
        count: 2,
        from: { connectionId, name: "Former", disconnectedAt: expect.any(String) },
        by: [owner.actor.name, colleague.actor.name],
        firstAt: kept[0]?.mappedAt.toISOString(),
        lastAt: kept[1]?.mappedAt.toISOString(),
      };
      expect(await takenOver(again.id)).toEqual(told);
      const created = await listAuditEvents(owner, { action: "connection.created" });
      expect(created.items.find(({ targetId }) => targetId === again.id)?.details).toMatchObject({
        mappingsKept: 2,
        mappingsFrom: connectionId,
      });
      const elsewhere = await connect(anew, {
        managedAppId: "4002",
        tenantId: saas.tenantIds[1] ?? "",
      });
      expect(await mappingsOf(elsewhere.id)).toEqual([]);

      // What is decided anew is taken over no more.
      await mapSku(owner, { connectionId: again.id, ...license, skuId: other ?? "" });
      expect(await takenOver(again.id)).toMatchObject({ count: 1, by: [colleague.actor.name] });
      await unmapSku(owner, { connectionId: again.id, ...sku });
      expect(await takenOver(again.id)).toBeNull();
    });

    it("goes by the connection that was disconnected last, also where that one had forgotten", async () => {
      const [product = "", other = ""] = (await listProducts(owner)).items.map(
        ({ skuId }) => skuId,
      );
      const first = await enter();
      const one = await connect(first.id, { name: "One" });
      await mapSku(owner, { connectionId: one.id, ...license, skuId: product });
      await mapSku(owner, { connectionId: one.id, ...sku, skuId: product });
      await leave(one.id, first.id);

      const second = await enter();
      const two = await connect(second.id, { name: "Two" });
      await mapSku(owner, { connectionId: two.id, ...license, skuId: other });
      await unmapSku(owner, { connectionId: two.id, ...sku });
      await disconnectConnection(owner, { connectionId: two.id });

      const three = await connect(second.id, { name: "Three" });
      expect(await mappingsOf(three.id)).toMatchObject([
        { ...license, skuId: other, takenFrom: two.id },
      ]);
      expect(await takenOver(three.id)).toMatchObject({ count: 1, from: { name: "Two" } });
      await unmapSku(owner, { connectionId: three.id, ...license });
      await disconnectConnection(owner, { connectionId: three.id });

      // The last one had forgotten everything: nothing of an earlier one comes back.
      const four = await connect(second.id, { name: "Four" });
      expect(await mappingsOf(four.id)).toEqual([]);
      expect(await takenOver(four.id)).toBeNull();
    });

    it("takes nothing from another organisation, region or workspace", async () => {
      const [product = ""] = (await listProducts(owner)).items.map(({ skuId }) => skuId);
      const { id: organisationId } = await enter();
      const { id: connectionId } = await connect(organisationId);
      await mapSku(owner, { connectionId, ...license, skuId: product });
      await leave(connectionId, organisationId);

      const own = (secret: string) => ({
        refreshToken: secret,
        client: { id: secret, secret },
      });
      const by = (secret: string) => ({
        credential: { kind: "refresh-token", refreshToken: secret } as const,
      });
      await saas.put("na", { id: "28012", ...own("sibling") });
      const sibling = await connect((await enter({ orgId: "28012", ...by("sibling") })).id);
      expect(await mappingsOf(sibling.id)).toEqual([]);
      await disconnectConnection(owner, { connectionId: sibling.id });

      await saas.put("eu", own("abroad"));
      const abroad = await connect((await enter({ region: "eu", ...by("abroad") })).id);
      expect(await mappingsOf(abroad.id)).toEqual([]);

      const { workspaceId } = await createWorkspace(db);
      owner = await createMember(db, web.platform, workspaceId, "owner");
      const stranger = await connect((await enter()).id);
      expect(await mappingsOf(stranger.id)).toEqual([]);
    });
  });
});

describe("its credential", () => {
  it("is replaced without a gap, and a wrong one disturbs nothing", async () => {
    const { id: organisationId } = await enter();
    const { id: connectionId } = await connect(organisationId);
    const wrong = await replaceOrganisationCredential(owner, {
      organisationId,
      credential: { kind: "refresh-token", refreshToken: "wrong" },
    });
    await work(wrong.checkId);
    expect(await getOrganisation(owner, { organisationId })).toMatchObject({
      status: "ready",
      credential: { version: 1, state: "active" },
      check: { state: "failed", error: { code: "saas-credential-refused" } },
    });
    expect(await getConnection(owner, { connectionId })).toMatchObject({ status: "ready" });
    const right = await replaceOrganisationCredential(owner, {
      organisationId,
      credential: { ...serviceAccount, expiresAt: "2099-01-01" },
    });
    await work(right.checkId);
    expect(await getOrganisation(owner, { organisationId })).toMatchObject({
      status: "ready",
      credential: { kind: "service-account", version: 3, expiresAt: "2099-01-01T00:00:00.000Z" },
    });
    const rows = await db.ownerSql`
      select version, state, sealed is null as erased from saas_credentials
      where organisation_id = ${organisationId} order by version`;
    expect(rows).toEqual([
      { version: 1, state: "retired", erased: true },
      { version: 2, state: "retired", erased: true },
      { version: 3, state: "active", erased: false },
    ]);
  });

  it("stops its connections when it is revoked, and a new one lets them go on", async () => {
    const { id: organisationId } = await enter();
    const { id: connectionId } = await connect(organisationId);
    await saas.put("na", { refreshToken: "rotated~refresh" });
    await db.ownerSql`
      update saas_checks set created_at = now() - interval '25 hours' where organisation_id = ${organisationId}`;
    expect(await askOrganisationChecks(worker(), signal)).toBeGreaterThanOrEqual(1);
    expect(await askOrganisationChecks(worker(), signal)).toBe(0);
    const { check } = await getOrganisation(owner, { organisationId });
    expect(await work(check?.id ?? "")).toBe("failed");
    expect(await getOrganisation(owner, { organisationId })).toMatchObject({
      status: "action-needed",
      problem: { code: "saas-credential-refused" },
    });
    expect(await getConnection(owner, { connectionId })).toMatchObject({
      status: "action-needed",
      problem: { code: "saas-credential-refused" },
    });
    expect((await listAlerts(owner, { state: "open" })).items).toMatchObject([
      { kind: "access-lost", connectionId },
    ]);
    expect(await refusal(connect(organisationId, { managedAppId: "4002" }))).toMatchObject({
      code: "conflict",
    });
    const { checkId } = await replaceOrganisationCredential(owner, {
      organisationId,
      credential: { kind: "refresh-token", refreshToken: "rotated~refresh" },
    });
    expect(await work(checkId)).toBe("succeeded");
    expect(await getConnection(owner, { connectionId })).toMatchObject({
      status: "ready",
      problem: null,
    });
    expect((await listAlerts(owner, { state: "open" })).items).toEqual([]);
  });

  it("is left alone by a fault that passes", async () => {
    const { id: organisationId } = await enter();
    const { id: connectionId } = await connect(organisationId);
    await saas.put("na", { faults: [{ kind: "status", status: 501, times: 9 }] });
    await work((await startOrganisationCheck(owner, { organisationId })).id);
    expect(await getOrganisation(owner, { organisationId })).toMatchObject({
      check: { state: "failed" },
    });
    await saas.put("na", { faults: [{ kind: "status", status: 503, times: 1 }] });
    await work((await startOrganisationCheck(owner, { organisationId })).id);
    expect(await getOrganisation(owner, { organisationId })).toMatchObject({ status: "ready" });
    expect(await getConnection(owner, { connectionId })).toMatchObject({ status: "ready" });
  });

  it("is among the workspace's credentials and warned of once its end is known", async () => {
    const { id: organisationId } = await enter();
    await connect(organisationId);
    expect(await listCredentials(owner)).toMatchObject([
      {
        id: organisationId,
        holder: { kind: "organisation", name: "Contoso Group", connections: 1 },
        credential: "refresh-token",
        state: "active",
        expiresAt: null,
        stage: null,
      },
    ]);
    const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    await enterOrganisationExpiry(owner, { organisationId, expiresOn: day });
    expect(await listCredentials(owner)).toMatchObject([{ stage: "7-days" }]);
    expect((await listAlerts(owner, { state: "open" })).items).toMatchObject([
      {
        kind: "organisation-credential-expiry",
        severity: "critical",
        href: `/settings/integrations#${organisationId}`,
        what: expect.stringContaining("Contoso Group"),
      },
    ]);
    const { checkId } = await replaceOrganisationCredential(owner, {
      organisationId,
      credential: serviceAccount,
    });
    await work(checkId);
    expect((await listAlerts(owner, { state: "open" })).items).toEqual([]);
  });

  it("is checked once at a time, and taken over from a worker that died", async () => {
    const { id: organisationId } = await enter();
    const first = await startOrganisationCheck(owner, { organisationId });
    expect(await startOrganisationCheck(owner, { organisationId })).toEqual(first);
    await db.ownerSql`
      update saas_checks set state = 'running', started_at = now() - interval '1 minute'
      where id = ${first.id}`;
    expect(await wakeOrganisationChecks(worker())).toBeGreaterThanOrEqual(1);
    const ends = await Promise.all([work(first.id), work(first.id)]);
    expect(ends.filter((end) => end === "succeeded")).toHaveLength(1);
    expect(await work(first.id)).toBe("not-taken");
  });
});

describe("an application", () => {
  it("becomes a connection of the tenant it stands for, ready and scheduled", async () => {
    const [tenantId = ""] = saas.tenantIds;
    const { workspaceId } = owner;
    const graph = await createTestConnection(db, { workspaceId, tenantId });
    await db.ownerSql`
      update connections set tenant_name = 'Contoso AG', tenant_domain = 'contoso.example', cloud = 'us-gov-l4'
      where id = ${graph.connectionId}`;
    expect(await listKnownTenants(owner)).toEqual([
      { tenantId, name: "Contoso AG", domain: "contoso.example" },
    ]);
    const { id: organisationId } = await enter();
    const { id, status } = await connect(organisationId);
    expect(status).toBe("ready");
    expect(await getConnection(owner, { connectionId: id })).toMatchObject({
      source: "saas-management",
      method: null,
      status: "ready",
      tenantId,
      tenantName: "Contoso AG",
      cloud: "us-gov-l4",
      verifiedAt: expect.any(String),
      credential: null,
    });
    expect(await getSchedule(owner, { connectionId: id })).toMatchObject({ cadence: "daily" });
    expect(await getOrganisation(owner, { organisationId })).toMatchObject({
      connections: [{ id, tenantId, tenantName: "Contoso AG", managedAppId: "4001" }],
    });
    const [event] = (await listAuditEvents(owner, {})).items;
    expect(event).toMatchObject({
      action: "connection.created",
      details: { source: "saas-management", organisationId, managedAppId: "4001", tenantId },
    });
  });

  it("stands for one tenant, and a tenant for one application", async () => {
    const { id: organisationId } = await enter();
    const { id: existingId } = await connect(organisationId);
    const tenantId = randomUUID();
    expect(await refusal(connect(organisationId, { tenantId }))).toMatchObject({
      code: "conflict",
      existingId,
      fields: { managedAppId: expect.any(String) },
    });
    expect(await refusal(connect(organisationId, { managedAppId: "4002" }))).toMatchObject({
      code: "conflict",
      existingId,
      fields: { tenantId: expect.any(String) },
    });
    const race = await Promise.all(
      [1, 2, 3].map(() => refusal(connect(organisationId, { managedAppId: "4003", tenantId }))),
    );
    expect(race.filter((refused) => refused === null)).toHaveLength(1);
    await disconnectConnection(owner, { connectionId: existingId });
    expect(await connect(organisationId)).toMatchObject({ status: "ready" });
  });

  it("is not connected beside one with which it is read, above or below: both would be counted", async () => {
    await saas.put("na", { listsBelow: true });
    const { id: organisationId, applications } = await enter();
    expect(applications.map(({ id }) => id)).toContain("5001");
    const { id: above } = await connect(organisationId);
    const below = { managedAppId: "5001", tenantId: saas.tenantIds[1] ?? "" };
    expect(await refusal(connect(organisationId, below))).toMatchObject({
      code: "conflict",
      existingId: above,
      fields: { managedAppId: expect.any(String) },
    });
    await disconnectConnection(owner, { connectionId: above });
    const { id: alone } = await connect(organisationId, below);
    expect(await refusal(connect(organisationId))).toMatchObject({
      code: "conflict",
      existingId: alone,
      fields: { managedAppId: expect.any(String) },
    });
    // One below another application is apart.
    expect(
      await connect(organisationId, { managedAppId: "4003", tenantId: randomUUID() }),
    ).toMatchObject({ status: "ready" });
  });

  it("that is listed twice alike is told so, and connected as one", async () => {
    await saas.put("na", { faults: [{ kind: "twice" }] });
    const { id: organisationId, applications } = await enter();
    expect(applications.map(({ id, listed }) => [id, listed])).toEqual(
      ["4001", "4002", "4003"].map((id) => [id, "twice"]),
    );
    expect(await connect(organisationId)).toMatchObject({ status: "ready" });
  });

  it("is not connected when it is listed in two ways, or not at all", async () => {
    await saas.put("na", { faults: [{ kind: "twice", differing: true }] });
    const { id: organisationId, applications } = await enter();
    expect(applications.map(({ listed }) => listed)).toEqual(Array(3).fill("contradictory"));
    for (const managedAppId of ["4001", "9999"]) {
      expect(await refusal(connect(organisationId, { managedAppId }))).toMatchObject({
        code: "invalid",
        fields: { managedAppId: expect.any(String) },
      });
    }
    await saas.put("na", {});
    await work((await startOrganisationCheck(owner, { organisationId })).id);
    expect(await connect(organisationId)).toMatchObject({ status: "ready" });
  });

  it("of another workspace is nobody's here", async () => {
    const { id: organisationId } = await enter();
    const { workspaceId } = await createWorkspace(db);
    const stranger = await createMember(db, web.platform, workspaceId, "owner");
    const verbs = [
      () => connect(organisationId, {}, stranger),
      () => renameOrganisation(stranger, { organisationId, name: "Mine" }),
      () => startOrganisationCheck(stranger, { organisationId }),
      () => removeOrganisation(stranger, { organisationId }),
      () => enterOrganisationExpiry(stranger, { organisationId, expiresOn: "2099-01-01" }),
      () => replaceOrganisationCredential(stranger, { organisationId, credential: refreshToken }),
    ];
    for (const verb of verbs) {
      expect(await refusal(verb())).toMatchObject({ code: "not-found" });
    }
  });
});
