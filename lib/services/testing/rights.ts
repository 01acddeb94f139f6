import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { type Role, roles } from "#lib/domain/role";
import { beginPackage } from "../begin-package.ts";
import type { Ctx } from "../context.ts";
import { createDraft } from "../create-draft.ts";
import { createHandOff } from "../create-hand-off.ts";
import { createOrganisation } from "../create-organisation.ts";
import { createPackageConnection } from "../create-package-connection.ts";
import { createUploadToken } from "../create-upload-token.ts";
import { giveDefaultSchedule } from "../default-schedule.ts";
import { listAlerts } from "../list-alerts.ts";
import { listLicenses } from "../list-licenses.ts";
import { raiseAlert } from "../raise-alert.ts";
import { startImport } from "../start-import.ts";
import { startVerification } from "../start-verification.ts";
import { publishSample } from "./published-connection.ts";
import { createMember, createTestWeb, type TestWeb } from "./web.ts";

/** Ids of one workspace, for use cases that name a thing. */
export interface Things {
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

/** A use case with who may call it, written out apart from `lib/domain/role`, so that a slip in either place shows. */
export interface UseCase {
  readonly name: string;
  readonly allowed: readonly Role[];
  /** Null for use cases that name nothing. */
  readonly names: keyof Things | null;
  readonly call: (ctx: Ctx, things: Things) => Promise<unknown>;
}

export const everybody = roles;
export const admins: readonly Role[] = ["connection-admin", "owner"];
export const importers: readonly Role[] = ["analyst", "connection-admin", "owner"];
export const analysts: readonly Role[] = ["analyst", "owner"];
export const auditors: readonly Role[] = ["auditor", "owner"];
export const seers: readonly Role[] = ["analyst", "connection-admin", "auditor", "owner"];

export const credential = { kind: "secret", secret: "a~secret" } as const;
export const organisation = {
  name: "Group",
  region: "eu",
  orgId: "28010",
  credential: { kind: "refresh-token", refreshToken: "a~token" },
} as const;
export const draft = {
  name: "New",
  source: "microsoft-365",
  method: "registered-app",
} as const;

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "ok",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "thrown"),
  );

/**
 * Calls every use case as every role, on things of the own workspace, of another one, and of nobody; in the given order,
 * in two workspaces of the file. Returned is what the file's own tests call with.
 */
export function describeRights(useCases: readonly UseCase[]) {
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
    own = await arrange(db, web, home.workspaceId);
    foreign = await arrange(db, web, abroad.workspaceId);
  });
  afterAll(async () => {
    await web?.close();
    await db?.close();
  });

  const ctxOf = (role: Role): Ctx => {
    const ctx = contexts.get(role);
    if (ctx === undefined) throw new Error(`no member with role ${role}`);
    return ctx;
  };

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

  return { ctxOf, foreign: () => foreign };
}

async function arrange(db: TestDatabase, web: TestWeb, workspaceId: string): Promise<Things> {
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
