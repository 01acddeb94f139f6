import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection } from "#db/testing/import-fixtures";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { packageChunkBytes } from "#lib/domain/package";
import type { Role } from "#lib/domain/role";
import { authenticateToken } from "./authenticate-token.ts";
import { authenticateUpload } from "./authenticate-upload.ts";
import { beginPackage } from "./begin-package.ts";
import { cancelPackage } from "./cancel-package.ts";
import { completePackage } from "./complete-package.ts";
import type { Ctx } from "./context.ts";
import { createPackageConnection } from "./create-package-connection.ts";
import { createUploadToken } from "./create-upload-token.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { getPackage } from "./get-package.ts";
import { listPackages } from "./list-packages.ts";
import { listUploadTokens } from "./list-upload-tokens.ts";
import { putPackageChunk } from "./put-package-chunk.ts";
import { revokeUploadToken } from "./revoke-upload-token.ts";
import { startImport } from "./start-import.ts";
import { startVerification } from "./start-verification.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { updateConnection } from "./update-connection.ts";

let db: TestDatabase;
let web: TestWeb;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});

afterAll(async () => {
  await web.close();
  await db.close();
});

const member = async (role: Role, workspaceId?: string): Promise<Ctx> =>
  createMember(db, web.platform, workspaceId ?? (await createWorkspace(db)).workspaceId, role);

async function arrange() {
  const owner = await member("owner");
  const tenantId = randomUUID();
  const { id: connectionId } = await createPackageConnection(owner, {
    name: "Old tenant",
    tenantId,
  });
  return { owner, connectionId, tenantId };
}

const begun = async (ctx: Ctx, connectionId: string, bytes = 10) =>
  (await beginPackage(ctx, { connectionId, fileName: "p.zip", bytes })).id;

const actionsOf = async ({ workspaceId }: Ctx): Promise<readonly string[]> =>
  (
    await db.ownerSql<{ action: string }[]>`
      select action from audit_events where workspace_id = ${workspaceId} order by id`
  ).map(({ action }) => action);

describe("a connection of the deprecated connector", () => {
  it("is a draft of the entered tenant, once per workspace, and claims nothing elsewhere", async () => {
    const { owner, connectionId, tenantId } = await arrange();
    await expect(
      createPackageConnection(owner, { name: "Again", tenantId: tenantId.toUpperCase() }),
    ).rejects.toMatchObject({ code: "conflict", existingId: connectionId });
    const elsewhere = await member("owner");
    await createPackageConnection(elsewhere, { name: "Same", tenantId });
    const claims = await db.ownerSql`select 1 from tenant_claims where tenant_id = ${tenantId}`;
    expect(claims).toHaveLength(0);
    await expect(
      createPackageConnection(owner, { name: "-", tenantId: "contoso.com" }),
    ).rejects.toMatchObject({
      code: "invalid",
      fields: { name: expect.any(String), tenantId: expect.any(String) },
    });
    expect(await actionsOf(owner)).toEqual(["connection.drafted"]);
  });

  it("is neither imported nor verified by asking Microsoft, and only its name changes", async () => {
    const { owner, connectionId } = await arrange();
    for (const work of [
      () => startImport(owner, { connectionId, trigger: "manual" }),
      () => startVerification(owner, { connectionId }),
      () => updateConnection(owner, { connectionId, tenantHint: randomUUID() }),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: "conflict" });
    }
    expect(await updateConnection(owner, { connectionId, name: "New name" })).toMatchObject({
      name: "New name",
      tenantId: expect.any(String),
    });
  });
});

describe("an upload", () => {
  it("comes in chunks of any order, goes on where it broke off, and is received once whole", async () => {
    const { owner, connectionId } = await arrange();
    const content = randomBytes(packageChunkBytes + 5);
    const packageId = await begun(owner, connectionId, content.length);
    const last = content.subarray(packageChunkBytes);
    await putPackageChunk(owner, { packageId, no: 1, bytes: last });
    await expect(completePackage(owner, { packageId })).rejects.toMatchObject({
      code: "conflict",
      message: "Not all of it has arrived. Missing chunks: 0.",
    });
    expect((await getPackage(owner, { packageId })).chunks).toEqual({
      bytes: packageChunkBytes,
      count: 2,
      present: [1],
    });
    await putPackageChunk(owner, {
      packageId,
      no: 0,
      bytes: content.subarray(0, packageChunkBytes),
    });
    await putPackageChunk(owner, { packageId, no: 1, bytes: last });
    expect(await completePackage(owner, { packageId })).toMatchObject({ state: "received" });
    expect(await completePackage(owner, { packageId })).toMatchObject({ state: "received" });
    await expect(putPackageChunk(owner, { packageId, no: 1, bytes: last })).rejects.toMatchObject({
      code: "conflict",
    });
    const [stored] = await db.ownerSql<{ bytes: Buffer }[]>`
      select string_agg(bytes, '' order by no) as bytes from package_chunks where package_id = ${packageId}`;
    expect(stored?.bytes.equals(content)).toBe(true);
    expect(await actionsOf(owner)).toEqual([
      "connection.drafted",
      "package.begun",
      "package.received",
    ]);
  });

  it("is refused in the wrong length, number, size, kind of connection and without its day", async () => {
    const { owner, connectionId } = await arrange();
    const packageId = await begun(owner, connectionId);
    const put = (no: number, bytes: Uint8Array) => putPackageChunk(owner, { packageId, no, bytes });
    await expect(put(0, new Uint8Array(9))).rejects.toMatchObject({ code: "invalid" });
    await expect(put(1, new Uint8Array(10))).rejects.toMatchObject({ code: "invalid" });
    const begin = (more: object) =>
      beginPackage(owner, { connectionId, fileName: "x", bytes: 10, ...more });
    await expect(begin({ bytes: 65 * 1024 ** 2 })).rejects.toMatchObject({
      fields: { bytes: "An upload may have 64 MB here; this one has more." },
    });
    await expect(begin({ bytes: 0 })).rejects.toMatchObject({ code: "invalid" });
    const old = { kind: "msonline-csv", skuBytes: 4, collectedOn: "2022-05-01" } as const;
    await expect(begin({ ...old, collectedOn: undefined })).rejects.toMatchObject({
      fields: { collectedOn: expect.any(String) },
    });
    await expect(begin({ ...old, collectedOn: "2999-01-01" })).rejects.toMatchObject({
      fields: { collectedOn: "This day is still to come." },
    });
    await expect(begin({ ...old, skuBytes: 10 })).rejects.toMatchObject({
      fields: { skuBytes: expect.any(String) },
    });
    await expect(begin({ collectedOn: "2022-05-01" })).rejects.toMatchObject({ code: "invalid" });
    const graph = await createTestConnection(db, { workspaceId: owner.workspaceId });
    await expect(begin({ connectionId: graph.connectionId })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("gives way to a newer one, is cancelled, and ends with its connection", async () => {
    const { owner, connectionId } = await arrange();
    const first = await begun(owner, connectionId);
    const second = await begun(owner, connectionId);
    expect(await getPackage(owner, { packageId: first })).toMatchObject({
      state: "cancelled",
      fault: { code: "sent-incomplete" },
    });
    await expect(
      putPackageChunk(owner, { packageId: first, no: 0, bytes: new Uint8Array(10) }),
    ).rejects.toMatchObject({ code: "conflict" });
    await cancelPackage(owner, { packageId: second });
    await expect(cancelPackage(owner, { packageId: second })).rejects.toMatchObject({
      code: "conflict",
    });
    const third = await begun(owner, connectionId);
    await disconnectConnection(owner, { connectionId });
    expect(
      (await listPackages(owner, { connectionId })).items.map(({ id, state }) => [id, state]),
    ).toEqual([
      [third, "cancelled"],
      [second, "cancelled"],
      [first, "cancelled"],
    ]);
    await expect(begun(owner, connectionId)).rejects.toMatchObject({ code: "conflict" });
  });

  it("is nobody's business in another workspace, and cannot be read back by the web program", async () => {
    const { owner, connectionId } = await arrange();
    const packageId = await begun(owner, connectionId);
    await putPackageChunk(owner, { packageId, no: 0, bytes: new Uint8Array(10) });
    const stranger = await member("owner");
    for (const work of [
      () => begun(stranger, connectionId),
      () => putPackageChunk(stranger, { packageId, no: 0, bytes: new Uint8Array(10) }),
      () => completePackage(stranger, { packageId }),
      () => cancelPackage(stranger, { packageId }),
      () => getPackage(stranger, { packageId }),
      () => listPackages(stranger, { connectionId }),
      () => listUploadTokens(stranger, { connectionId }),
      () => createUploadToken(stranger, { connectionId, name: "x", days: 1 }),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(
      db.web.inWorkspace(owner.workspaceId, (tx) => tx.execute("select bytes from package_chunks")),
    ).rejects.toMatchObject({ cause: { code: "42501" } });
  });
});

describe("an upload token", () => {
  it("uploads to its own connection and does nothing else", async () => {
    const { owner, connectionId } = await arrange();
    const { id: otherId } = await createPackageConnection(owner, {
      name: "Other",
      tenantId: randomUUID(),
    });
    const otherPackage = await begun(owner, otherId);
    const { token } = await createUploadToken(owner, { connectionId, name: "Server 7", days: 30 });
    const by = await authenticateUpload(web.platform, token);
    const { id: packageId } = await beginPackage(by, { connectionId, fileName: "p", bytes: 3 });
    await putPackageChunk(by, { packageId, no: 0, bytes: new Uint8Array(3) });
    expect(await completePackage(by, { packageId })).toMatchObject({
      uploadedBy: "Server 7",
      byToken: true,
    });
    for (const work of [
      () => beginPackage(by, { connectionId: otherId, fileName: "p", bytes: 3 }),
      () => putPackageChunk(by, { packageId: otherPackage, no: 0, bytes: new Uint8Array(10) }),
      () => completePackage(by, { packageId: otherPackage }),
      () => cancelPackage(by, { packageId: otherPackage }),
      () => getPackage(by, { packageId: otherPackage }),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(authenticateToken(web.platform, token)).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });

  it("is over when revoked, expired or its connection is disconnected, and its text is stored nowhere", async () => {
    const { owner, connectionId } = await arrange();
    const create = (name: string) => createUploadToken(owner, { connectionId, name, days: 1 });
    const [revoked, expired, live] = [await create("a"), await create("b"), await create("c")];
    await revokeUploadToken(owner, { tokenId: revoked.id });
    await revokeUploadToken(owner, { tokenId: revoked.id });
    expect(
      (await actionsOf(owner)).filter((action) => action === "upload-token.revoked"),
    ).toHaveLength(1);
    await db.ownerSql`update upload_tokens set expires_at = now() where id = ${expired.id}`;
    const refused = { code: "unauthenticated" };
    const works = (token: string) => authenticateUpload(web.platform, token);
    await expect(works(revoked.token)).rejects.toMatchObject(refused);
    await expect(works(expired.token)).rejects.toMatchObject(refused);
    await expect(works(`slup_${"x".repeat(43)}`)).rejects.toMatchObject(refused);
    await works(live.token);
    const rows = await listUploadTokens(owner, { connectionId });
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ["c", "live"],
      ["b", "expired"],
      ["a", "revoked"],
    ]);
    expect(rows[0]?.lastUsedAt).not.toBeNull();
    const [stored] = await db.ownerSql<{ all: string }[]>`
      select json_agg(t)::text as all from upload_tokens t`;
    const [told] = await db.ownerSql<{ all: string }[]>`
      select json_agg(a)::text as all from audit_events a`;
    expect(`${stored?.all}${told?.all}`).not.toContain(live.token.slice(5));
    await disconnectConnection(owner, { connectionId });
    await expect(works(live.token)).rejects.toMatchObject(refused);
  });
});
