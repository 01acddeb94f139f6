import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { type Role, roles } from "#lib/domain/role";
import { userId } from "#lib/import/testing/rows";
import { acknowledgeAlert } from "./acknowledge-alert.ts";
import { beginPackage } from "./begin-package.ts";
import { cancelImport } from "./cancel-import.ts";
import { cancelPackage } from "./cancel-package.ts";
import { completePackage } from "./complete-package.ts";
import { connectTenant } from "./connect-tenant.ts";
import type { Ctx } from "./context.ts";
import { countAlerts } from "./count-alerts.ts";
import { countConnections } from "./count-connections.ts";
import { createConnection } from "./create-connection.ts";
import { createDraft } from "./create-draft.ts";
import { createHandOff } from "./create-hand-off.ts";
import { createOrganisation } from "./create-organisation.ts";
import { createPackageConnection } from "./create-package-connection.ts";
import { createSaasConnection } from "./create-saas-connection.ts";
import { createUploadToken } from "./create-upload-token.ts";
import { giveDefaultSchedule } from "./default-schedule.ts";
import { discardImport } from "./discard-import.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { enterCredential } from "./enter-credential.ts";
import { enterCredentialExpiry } from "./enter-credential-expiry.ts";
import { enterOrganisation } from "./enter-organisation.ts";
import { enterOrganisationExpiry } from "./enter-organisation-expiry.ts";
import { getAccount } from "./get-account.ts";
import { getConnectProgress } from "./get-connect-progress.ts";
import { getConnection } from "./get-connection.ts";
import { getHeldComparison } from "./get-held-comparison.ts";
import { getImport } from "./get-import.ts";
import { getKeyPair, getKeyPairCertificate } from "./get-key-pair.ts";
import { getLicense } from "./get-license.ts";
import { getOpportunitySummary } from "./get-opportunity-summary.ts";
import { getOrganisation } from "./get-organisation.ts";
import { getOverview } from "./get-overview.ts";
import { getPackage } from "./get-package.ts";
import { getPackageArrival } from "./get-package-arrival.ts";
import { getSchedule } from "./get-schedule.ts";
import { getSkuMapping } from "./get-sku-mapping.ts";
import { getStanding } from "./get-standing.ts";
import { getSwitchPreview } from "./get-switch-preview.ts";
import { getVerification } from "./get-verification.ts";
import { getWorkspace } from "./get-workspace.ts";
import { listAlerts } from "./list-alerts.ts";
import { listAssignments } from "./list-assignments.ts";
import { listAuditEvents } from "./list-audit-events.ts";
import { listConnections } from "./list-connections.ts";
import { listCredentials } from "./list-credentials.ts";
import { listHandOffs } from "./list-hand-offs.ts";
import { listImportChanges } from "./list-import-changes.ts";
import { listImports } from "./list-imports.ts";
import { listKnownTenants } from "./list-known-tenants.ts";
import { listLicenseChanges } from "./list-license-changes.ts";
import { listLicenses } from "./list-licenses.ts";
import { listMembers } from "./list-members.ts";
import { listOpportunities } from "./list-opportunities.ts";
import { listOrganisations } from "./list-organisations.ts";
import { listPackages } from "./list-packages.ts";
import { listPrices } from "./list-prices.ts";
import { listProducts } from "./list-products.ts";
import { listSubscriptions } from "./list-subscriptions.ts";
import { listSwitches } from "./list-switches.ts";
import { listUnmatchedPeople } from "./list-unmatched-people.ts";
import { listUploadTokens } from "./list-upload-tokens.ts";
import { listVerifications } from "./list-verifications.ts";
import { mapSku } from "./map-sku.ts";
import { moveTenantHere } from "./move-tenant-here.ts";
import { pauseImports } from "./pause-imports.ts";
import { publishImport } from "./publish-import.ts";
import { putPackageChunk } from "./put-package-chunk.ts";
import { raiseAlert } from "./raise-alert.ts";
import { removeOrganisation } from "./remove-organisation.ts";
import { removeRetiredLicenses } from "./remove-retired-licenses.ts";
import { renameOrganisation } from "./rename-organisation.ts";
import { replaceCredential } from "./replace-credential.ts";
import { replaceOrganisationCredential } from "./replace-organisation-credential.ts";
import { requestKeyPair } from "./request-key-pair.ts";
import { revokeHandOff } from "./revoke-hand-off.ts";
import { revokeUploadToken } from "./revoke-upload-token.ts";
import { setPrice } from "./set-price.ts";
import { startConsent } from "./start-consent.ts";
import { startImport } from "./start-import.ts";
import { startOrganisationCheck } from "./start-organisation-check.ts";
import { startParallelRun } from "./start-parallel-run.ts";
import { startVerification } from "./start-verification.ts";
import { switchSource } from "./switch-source.ts";
import { publishSample } from "./testing/published-connection.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { unmapSku } from "./unmap-sku.ts";
import { updateConnection } from "./update-connection.ts";
import { updateSchedule } from "./update-schedule.ts";
import { verifyKeyPair } from "./verify-key-pair.ts";

/** Ids of one workspace, for use cases that name a thing. */
interface Things {
  readonly connectionId: string;
  readonly draftId: string;
  readonly importId: string;
  readonly verificationId: string;
  readonly licenseId: string;
  readonly packageId: string;
  readonly uploadTokenId: string;
  readonly alertId: string;
  readonly tenantId: string;
  readonly consentDraftId: string;
  readonly handOffId: string;
  readonly organisationId: string;
  readonly managedAppId: string;
}

interface UseCase {
  readonly name: string;
  readonly allowed: readonly Role[];
  /** Null for use cases that name nothing. */
  readonly names: keyof Things | null;
  readonly call: (ctx: Ctx, things: Things) => Promise<unknown>;
}

const everybody = roles;
const admins: readonly Role[] = ["connection-admin", "owner"];
const importers: readonly Role[] = ["analyst", "connection-admin", "owner"];
const analysts: readonly Role[] = ["analyst", "owner"];
const auditors: readonly Role[] = ["auditor", "owner"];
const seers: readonly Role[] = ["analyst", "connection-admin", "auditor", "owner"];
const credential = { kind: "secret", secret: "a~secret" } as const;
const organisation = {
  name: "Group",
  region: "eu",
  orgId: "28010",
  credential: { kind: "refresh-token", refreshToken: "a~token" },
} as const;
const draft = { name: "New", source: "microsoft-365", method: "registered-app" } as const;

/** Rights of DESIGN §2, use case by use case: written out again here, so that a slip in either place shows. */
const useCases: readonly UseCase[] = [
  { name: "getWorkspace", allowed: everybody, names: null, call: (ctx) => getWorkspace(ctx) },
  { name: "getOverview", allowed: everybody, names: null, call: (ctx) => getOverview(ctx) },
  {
    name: "listLicenses",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listLicenses(ctx, { connectionId }),
  },
  {
    name: "getLicense",
    allowed: everybody,
    names: "licenseId",
    call: (ctx, { licenseId }) => getLicense(ctx, { licenseId }),
  },
  {
    name: "listAssignments",
    allowed: everybody,
    names: "licenseId",
    call: (ctx, { licenseId }) => listAssignments(ctx, { licenseId }),
  },
  {
    name: "listSubscriptions",
    allowed: everybody,
    names: "licenseId",
    call: (ctx, { licenseId }) => listSubscriptions(ctx, { licenseId }),
  },
  {
    name: "listLicenseChanges",
    allowed: everybody,
    names: "licenseId",
    call: (ctx, { licenseId }) => listLicenseChanges(ctx, { licenseId }),
  },
  {
    name: "getAccount",
    allowed: seers,
    names: "connectionId",
    call: (ctx, { connectionId }) => getAccount(ctx, { connectionId, userId: userId(1) }),
  },
  {
    name: "listOpportunities",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listOpportunities(ctx, { connectionId }),
  },
  {
    name: "getOpportunitySummary",
    allowed: everybody,
    names: null,
    call: (ctx) => getOpportunitySummary(ctx, {}),
  },
  {
    name: "listConnections",
    allowed: everybody,
    names: null,
    call: (ctx) => listConnections(ctx, {}),
  },
  {
    name: "countConnections",
    allowed: everybody,
    names: null,
    call: (ctx) => countConnections(ctx, {}),
  },
  {
    name: "getConnection",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => getConnection(ctx, { connectionId }),
  },
  {
    name: "listImports",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listImports(ctx, { connectionId }),
  },
  {
    name: "getImport",
    allowed: everybody,
    names: "importId",
    call: (ctx, { importId }) => getImport(ctx, { importId }),
  },
  {
    name: "listImportChanges",
    allowed: everybody,
    names: "importId",
    call: (ctx, { importId }) => listImportChanges(ctx, { importId }),
  },
  {
    name: "getHeldComparison",
    allowed: everybody,
    names: "importId",
    call: (ctx, { importId }) => getHeldComparison(ctx, { importId }),
  },
  {
    name: "listVerifications",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listVerifications(ctx, { connectionId }),
  },
  {
    name: "getVerification",
    allowed: everybody,
    names: "verificationId",
    call: (ctx, { verificationId }) => getVerification(ctx, { verificationId }),
  },
  { name: "listAlerts", allowed: everybody, names: null, call: (ctx) => listAlerts(ctx) },
  { name: "countAlerts", allowed: everybody, names: null, call: (ctx) => countAlerts(ctx) },
  {
    name: "acknowledgeAlert",
    allowed: admins,
    names: "alertId",
    call: (ctx, { alertId }) => acknowledgeAlert(ctx, { alertId }),
  },
  { name: "listCredentials", allowed: everybody, names: null, call: (ctx) => listCredentials(ctx) },
  {
    name: "enterCredentialExpiry",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) =>
      enterCredentialExpiry(ctx, { connectionId, expiresOn: "2027-05-31" }),
  },
  { name: "listProducts", allowed: everybody, names: null, call: (ctx) => listProducts(ctx) },
  {
    name: "getSkuMapping",
    allowed: everybody,
    names: "managedAppId",
    call: (ctx, { managedAppId }) => getSkuMapping(ctx, { connectionId: managedAppId }),
  },
  {
    name: "listUnmatchedPeople",
    allowed: seers,
    names: "managedAppId",
    call: (ctx, { managedAppId }) => listUnmatchedPeople(ctx, { connectionId: managedAppId }),
  },
  {
    name: "mapSku",
    allowed: admins,
    names: "managedAppId",
    call: (ctx, { managedAppId }) =>
      mapSku(ctx, {
        connectionId: managedAppId,
        kind: "license",
        externalId: "1",
        skuId: "05e9a617-0261-4cee-bb44-138d3ef5d965",
      }),
  },
  {
    name: "unmapSku",
    allowed: admins,
    names: "managedAppId",
    call: (ctx, { managedAppId }) =>
      unmapSku(ctx, { connectionId: managedAppId, kind: "license", externalId: "1" }),
  },
  { name: "listPrices", allowed: everybody, names: null, call: (ctx) => listPrices(ctx) },
  { name: "listMembers", allowed: seers, names: null, call: (ctx) => listMembers(ctx) },
  { name: "listAuditEvents", allowed: auditors, names: null, call: (ctx) => listAuditEvents(ctx) },
  {
    name: "setPrice",
    allowed: analysts,
    names: null,
    call: (ctx) => setPrice(ctx, { skuId: randomUUID(), price: { amount: "1", currency: "EUR" } }),
  },
  {
    name: "startImport",
    allowed: importers,
    names: "connectionId",
    call: (ctx, { connectionId }) => startImport(ctx, { connectionId, trigger: "manual" }),
  },
  {
    name: "cancelImport",
    allowed: admins,
    names: "importId",
    call: (ctx, { importId }) => cancelImport(ctx, { importId }),
  },
  {
    name: "publishImport",
    allowed: analysts,
    names: "importId",
    call: (ctx, { importId }) => publishImport(ctx, { importId }),
  },
  {
    name: "discardImport",
    allowed: analysts,
    names: "importId",
    call: (ctx, { importId }) => discardImport(ctx, { importId }),
  },
  { name: "createDraft", allowed: admins, names: null, call: (ctx) => createDraft(ctx, draft) },
  {
    name: "createConnection",
    allowed: admins,
    names: null,
    call: (ctx) =>
      createConnection(ctx, {
        ...draft,
        tenantId: randomUUID(),
        clientId: randomUUID(),
        credential,
      }),
  },
  {
    name: "connectTenant",
    allowed: admins,
    names: null,
    call: (ctx) =>
      connectTenant(ctx, {
        name: "Packages",
        source: "office-365-deprecated",
        tenantId: randomUUID(),
      }),
  },
  {
    name: "connectTenant, SaaS Management",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      connectTenant(ctx, {
        name: "New",
        source: "saas-management",
        tenantId: randomUUID(),
        organisationId,
        managedAppId: "4001",
      }),
  },
  {
    name: "createOrganisation",
    allowed: admins,
    names: null,
    call: (ctx) => createOrganisation(ctx, organisation),
  },
  {
    name: "enterOrganisation",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) => enterOrganisation(ctx, { ...organisation, organisationId }),
  },
  {
    name: "renameOrganisation",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      renameOrganisation(ctx, { organisationId, name: "Group AG" }),
  },
  {
    name: "replaceOrganisationCredential",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      replaceOrganisationCredential(ctx, { organisationId, credential: organisation.credential }),
  },
  {
    name: "enterOrganisationExpiry",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      enterOrganisationExpiry(ctx, { organisationId, expiresOn: "2099-01-01" }),
  },
  {
    name: "startOrganisationCheck",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) => startOrganisationCheck(ctx, { organisationId }),
  },
  {
    name: "createSaasConnection",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) =>
      createSaasConnection(ctx, {
        name: "New",
        organisationId,
        managedAppId: "4001",
        tenantId: randomUUID(),
      }),
  },
  {
    name: "getOrganisation",
    allowed: everybody,
    names: "organisationId",
    call: (ctx, { organisationId }) => getOrganisation(ctx, { organisationId }),
  },
  {
    name: "listOrganisations",
    allowed: everybody,
    names: null,
    call: (ctx) => listOrganisations(ctx),
  },
  {
    name: "listKnownTenants",
    allowed: everybody,
    names: null,
    call: (ctx) => listKnownTenants(ctx),
  },
  {
    name: "removeOrganisation",
    allowed: admins,
    names: "organisationId",
    call: (ctx, { organisationId }) => removeOrganisation(ctx, { organisationId }),
  },
  {
    name: "updateConnection",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => updateConnection(ctx, { connectionId: draftId, name: "Renamed" }),
  },
  {
    name: "getSchedule",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => getSchedule(ctx, { connectionId }),
  },
  {
    name: "updateSchedule",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) =>
      updateSchedule(ctx, { connectionId, cadence: "daily", time: "02:30", timeZone: "UTC" }),
  },
  {
    name: "pauseImports",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => pauseImports(ctx, { connectionId, paused: false }),
  },
  {
    name: "replaceCredential",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => replaceCredential(ctx, { connectionId: draftId, credential }),
  },
  {
    name: "enterCredential",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) =>
      enterCredential(ctx, { connectionId: draftId, clientId: randomUUID(), credential }),
  },
  {
    name: "requestKeyPair",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => requestKeyPair(ctx, { connectionId: draftId }),
  },
  {
    name: "getKeyPair",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => getKeyPair(ctx, { connectionId: draftId }),
  },
  {
    name: "getKeyPairCertificate",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => getKeyPairCertificate(ctx, { connectionId: draftId }),
  },
  {
    name: "verifyKeyPair",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) =>
      verifyKeyPair(ctx, { connectionId: draftId, credentialId: randomUUID() }),
  },
  {
    name: "startVerification",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => startVerification(ctx, { connectionId }),
  },
  {
    name: "startConsent",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => startConsent(ctx, { connectionId: draftId }),
  },
  {
    name: "getStanding",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => getStanding(ctx, { connectionId }),
  },
  { name: "listSwitches", allowed: everybody, names: null, call: (ctx) => listSwitches(ctx) },
  {
    name: "getSwitchPreview",
    allowed: everybody,
    names: "tenantId",
    call: (ctx, { tenantId }) => getSwitchPreview(ctx, { by: "microsoft-365", tenantId }),
  },
  {
    name: "switchSource",
    allowed: admins,
    names: "tenantId",
    call: (ctx, { tenantId }) => switchSource(ctx, { by: "microsoft-365", tenantId }),
  },
  {
    name: "switchSource of the workspace",
    allowed: ["owner"],
    names: null,
    call: (ctx) => switchSource(ctx, { by: "saas-management" }),
  },
  {
    name: "startParallelRun",
    allowed: admins,
    names: "tenantId",
    call: (ctx, { tenantId }) => startParallelRun(ctx, { by: "microsoft-365", tenantId, days: 14 }),
  },
  {
    name: "createPackageConnection",
    allowed: admins,
    names: null,
    call: (ctx) => createPackageConnection(ctx, { name: "Packages", tenantId: randomUUID() }),
  },
  {
    name: "beginPackage",
    allowed: importers,
    names: "connectionId",
    call: (ctx, { connectionId }) =>
      beginPackage(ctx, { connectionId, fileName: "p.zip", bytes: 1 }),
  },
  {
    name: "putPackageChunk",
    allowed: importers,
    names: "packageId",
    call: (ctx, { packageId }) =>
      putPackageChunk(ctx, { packageId, no: 0, bytes: new Uint8Array(1) }),
  },
  {
    name: "completePackage",
    allowed: importers,
    names: "packageId",
    call: (ctx, { packageId }) => completePackage(ctx, { packageId }),
  },
  {
    name: "cancelPackage",
    allowed: importers,
    names: "packageId",
    call: (ctx, { packageId }) => cancelPackage(ctx, { packageId }),
  },
  {
    name: "getPackage",
    allowed: everybody,
    names: "packageId",
    call: (ctx, { packageId }) => getPackage(ctx, { packageId }),
  },
  {
    name: "getPackageArrival",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => getPackageArrival(ctx, { connectionId }),
  },
  {
    name: "listPackages",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listPackages(ctx, { connectionId }),
  },
  {
    name: "createUploadToken",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => createUploadToken(ctx, { connectionId, name: "T", days: 1 }),
  },
  {
    name: "listUploadTokens",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => listUploadTokens(ctx, { connectionId }),
  },
  {
    name: "revokeUploadToken",
    allowed: admins,
    names: "uploadTokenId",
    call: (ctx, { uploadTokenId }) => revokeUploadToken(ctx, { tokenId: uploadTokenId }),
  },
  {
    name: "createHandOff",
    allowed: admins,
    names: "consentDraftId",
    call: (ctx, { consentDraftId }) => createHandOff(ctx, { connectionId: consentDraftId }),
  },
  {
    name: "listHandOffs",
    allowed: admins,
    names: "consentDraftId",
    call: (ctx, { consentDraftId }) => listHandOffs(ctx, { connectionId: consentDraftId }),
  },
  {
    name: "getConnectProgress",
    allowed: admins,
    names: "consentDraftId",
    call: (ctx, { consentDraftId }) => getConnectProgress(ctx, { connectionId: consentDraftId }),
  },
  {
    name: "revokeHandOff",
    allowed: admins,
    names: "handOffId",
    call: (ctx, { handOffId }) => revokeHandOff(ctx, { handOffId }),
  },
  {
    name: "removeRetiredLicenses",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => removeRetiredLicenses(ctx, { connectionId }),
  },
  {
    name: "disconnectConnection",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => disconnectConnection(ctx, { connectionId }),
  },
  {
    name: "moveTenantHere",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => moveTenantHere(ctx, { connectionId }),
  },
];

let db: TestDatabase;
let web: TestWeb;
const contexts = new Map<Role, Ctx>();
let own: Things;
let foreign: Things;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  const [home, abroad] = [await createWorkspace(db), await createWorkspace(db)];
  for (const role of roles) {
    contexts.set(role, await createMember(db, web.platform, home.workspaceId, role));
  }
  own = await arrange(home.workspaceId);
  foreign = await arrange(abroad.workspaceId);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

async function arrange(workspaceId: string): Promise<Things> {
  const owner = await createMember(db, web.platform, workspaceId, "owner");
  const { connection } = await publishSample(db, workspaceId);
  await db.worker.inWorkspace(workspaceId, (tx) => giveDefaultSchedule(tx, connection));
  const [license] = (await listLicenses(owner, {})).items;
  const other = await createTestConnection(db, { workspaceId });
  const { id: importId } = await startImport(owner, {
    connectionId: other.connectionId,
    trigger: "manual",
  });
  const { id: verificationId } = await startVerification(owner, {
    connectionId: other.connectionId,
  });
  const { id: draftId } = await createDraft(owner, draft);
  const { id: consentDraftId } = await createDraft(owner, { ...draft, method: "multi-tenant-app" });
  const { id: handOffId } = await createHandOff(owner, { connectionId: consentDraftId });
  await db.worker.inWorkspace(workspaceId, (tx) =>
    raiseAlert(tx, workspaceId, {
      kind: "sign-ins-lost",
      connectionId: connection.connectionId,
    }),
  );
  const [alert] = (await listAlerts(owner)).items;
  const packages = await createPackageConnection(owner, {
    name: "Packages",
    tenantId: randomUUID(),
  });
  const toPackages = { connectionId: packages.id };
  const { id: packageId } = await beginPackage(owner, { ...toPackages, fileName: "p", bytes: 1 });
  const uploadToken = await createUploadToken(owner, { ...toPackages, name: "T", days: 1 });
  const { id: organisationId } = await createOrganisation(owner, organisation);
  const reader = await createTestConnection(db, { workspaceId, source: "saas-management" });
  await db.ownerSql`
    update connections set organisation_id = ${organisationId}, managed_app_id = '4001'
    where id = ${reader.connectionId}`;
  return {
    organisationId,
    connectionId: connection.connectionId,
    managedAppId: reader.connectionId,
    draftId,
    importId,
    verificationId,
    licenseId: license?.id ?? "",
    consentDraftId,
    handOffId,
    alertId: alert?.id ?? "",
    tenantId: connection.tenantId,
    packageId,
    uploadTokenId: uploadToken.id,
  };
}

const ctxOf = (role: Role): Ctx => {
  const ctx = contexts.get(role);
  if (ctx === undefined) throw new Error(`no member with role ${role}`);
  return ctx;
};
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "ok",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "thrown"),
  );

describe.each(useCases)("$name", ({ allowed, names, call }) => {
  it.each(roles)("as %s", async (role) => {
    const ctx = ctxOf(role);
    const mine = await codeOf(call(ctx, own));
    const theirs = names === null ? null : await codeOf(call(ctx, foreign));
    if (allowed.includes(role)) {
      // The present state may refuse it (nothing held, another method); the right does not.
      expect(["ok", "conflict", "invalid"]).toContain(mine);
      if (theirs !== null) expect(theirs).toBe("not-found");
    } else {
      expect(mine).toBe("forbidden");
      if (theirs !== null) expect(theirs).toBe("forbidden");
    }
  });
});

it("answers an id nobody has like another workspace's", async () => {
  const nobody = Object.fromEntries(Object.keys(own).map((name) => [name, randomUUID()]));
  for (const { name, names, call } of useCases) {
    if (names === null) continue;
    const things = { ...own, ...nobody };
    expect([name, await codeOf(call(ctxOf("owner"), things))]).toEqual([name, "not-found"]);
  }
});

it("shows and counts nothing of another workspace", async () => {
  const owner = ctxOf("owner");
  const { items } = await listConnections(owner, { limit: 100, disconnected: true });
  expect(items.map((item) => item.id)).not.toContain(foreign.connectionId);
  const licenses = await listLicenses(owner, { limit: 100 });
  expect(licenses.items.map((item) => item.id)).not.toContain(foreign.licenseId);
});
