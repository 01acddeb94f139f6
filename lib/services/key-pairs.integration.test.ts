import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { findSealedCredential } from "#db/queries/credentials";
import { createWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { filePassword, keylessPfx, packed, windowsPfx } from "#simulator/testing/certificate-files";
import { makeCertificate } from "./certificate.ts";
import type { Ctx } from "./context.ts";
import { createDraft } from "./create-draft.ts";
import { enterCredential } from "./enter-credential.ts";
import { getConnection } from "./get-connection.ts";
import { getKeyPair, getKeyPairCertificate } from "./get-key-pair.ts";
import { makeKeyPair, wakeKeyPairs } from "./make-key-pair.ts";
import { requestKeyPair } from "./request-key-pair.ts";
import { createOpener, createSealer, credentialBinding } from "./sealing.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";
import { verifyKeyPair } from "./verify-key-pair.ts";

let db: TestDatabase;
let web: TestWeb;
let owner: Ctx;

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  const { workspaceId } = await createWorkspace(db);
  owner = await createMember(db, web.platform, workspaceId, "owner");
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

const clientId = randomUUID();

async function draft(): Promise<string> {
  const { id } = await createDraft(owner, {
    name: "Proseware",
    source: "microsoft-365",
    method: "registered-app",
    tenantHint: randomUUID(),
  });
  return id;
}

/** A worker's part, without its queue. */
const make = (credentialId: string) =>
  makeKeyPair(
    { db: db.worker, sealer: web.platform.sealer, now: web.platform.now },
    { workspaceId: owner.workspaceId, credentialId },
  );

const rowOf = async (id: string) => {
  const [row] = await db.ownerSql<
    { state: string; version: number; sealed: string | null; certificate: string | null }[]
  >`select state, version, sealed, certificate from credentials where id = ${id}`;
  if (row === undefined) throw new Error("no such credential");
  return row;
};

const keyedCertificate = z.object({ certificate: z.string(), privateKey: z.string() });

describe("a key pair", () => {
  it("is made by a worker, sealed where it is made, and verified once its certificate is registered", async () => {
    const connectionId = await draft();
    const { credentialId } = await requestKeyPair(owner, { connectionId });
    expect(await getKeyPair(owner, { connectionId })).toMatchObject({
      credentialId,
      certificate: null,
    });
    await expect(getKeyPairCertificate(owner, { connectionId })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await getConnection(owner, { connectionId })).toMatchObject({
      credential: null,
      connectFacts: { credential: "none" },
    });
    await expect(
      verifyKeyPair(owner, { connectionId, credentialId, clientId }),
    ).rejects.toMatchObject({ code: "conflict" });

    expect(await make(credentialId)).toBe(true);
    expect(await make(credentialId)).toBe(false);
    const row = await rowOf(credentialId);
    const binding = {
      connectionId,
      credentialId,
      kind: "certificate",
      version: row.version,
    } as const;
    const opened = await web.opener.open(row.sealed ?? "", credentialBinding(binding));
    const { certificate, privateKey } = keyedCertificate.parse(JSON.parse(opened));
    const { bytes, fileName } = await getKeyPairCertificate(owner, { connectionId });
    const downloaded = new X509Certificate(bytes);
    expect(fileName).toBe("seatledger.cer");
    expect(downloaded.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    expect(certificate).toBe(row.certificate);
    expect(await getKeyPair(owner, { connectionId })).toMatchObject({
      certificate: { sha1: downloaded.fingerprint.replaceAll(":", "") },
    });

    await expect(verifyKeyPair(owner, { connectionId, credentialId })).rejects.toMatchObject({
      code: "invalid",
      fields: { clientId: expect.any(String) },
    });
    await verifyKeyPair(owner, { connectionId, credentialId, clientId });
    expect(await getConnection(owner, { connectionId })).toMatchObject({
      clientId,
      status: "verifying",
      credential: {
        kind: "certificate",
        thumbprint: downloaded.fingerprint.replaceAll(":", ""),
        expiresAt: downloaded.validToDate.toISOString(),
      },
      connectFacts: { credential: "candidate", verification: "queued" },
    });
    expect(await getKeyPair(owner, { connectionId })).toBeNull();
    const events = await db.ownerSql<{ action: string; details: object }[]>`
      select action, details from audit_events where target_id = ${connectionId} order by at`;
    expect(events.map(({ action }) => action)).toEqual([
      "connection.drafted",
      "credential.key-pair-requested",
      "credential.key-pair-made",
      "credential.entered",
    ]);
    expect(JSON.stringify(events)).not.toContain("PRIVATE");
  });

  it("asked for again erases the one before; one that nobody made is sent again", async () => {
    const connectionId = await draft();
    const first = await requestKeyPair(owner, { connectionId });
    await make(first.credentialId);
    const second = await requestKeyPair(owner, { connectionId });
    expect(await rowOf(first.credentialId)).toMatchObject({ state: "retired", sealed: null });
    expect(await make(first.credentialId)).toBe(false);
    await db.ownerSql`delete from pgboss.job where singleton_key = ${second.credentialId}`;
    expect(await wakeKeyPairs({ db: db.worker, queue: web.platform.queue })).toBeGreaterThanOrEqual(
      1,
    );
    const jobs = await db.ownerSql<{ data: object }[]>`
      select data from pgboss.job where singleton_key = ${second.credentialId}`;
    expect(jobs).toEqual([{ data: { workspaceId: owner.workspaceId, id: second.credentialId } }]);
  });
});

describe("a certificate file that cannot be used", () => {
  const expired = makeCertificate("Seatledger", new Date("2020-11-03T12:00:00Z"));
  it.each([
    ["without a key", () => packed(keylessPfx), filePassword, "file", "no private key"],
    ["with a wrong password", () => packed(windowsPfx), "wrong", "password", "does not open"],
    [
      "that has expired",
      async () => {
        const { certificate, privateKey } = await expired;
        return Buffer.from(certificate + privateKey).toString("base64");
      },
      "",
      "file",
      "expired on 3 Nov 2021",
    ],
    [
      "of one megabyte",
      () => Buffer.alloc(1024 * 1024).toString("base64"),
      "",
      "file",
      "at most 64 kB",
    ],
  ] as const)(
    "%s is refused at its field, and nothing is stored",
    async (_, file, password, field, words) => {
      const connectionId = await draft();
      const traces = async () => [
        await getConnection(owner, { connectionId }),
        ...(await db.ownerSql`select id from credentials where connection_id = ${connectionId}`),
        ...(await db.ownerSql`select id from verifications where connection_id = ${connectionId}`),
        ...(await db.ownerSql`select action from audit_events where target_id = ${connectionId}`),
      ];
      const before = await traces();
      const credential = { kind: "certificate-file", file: await file(), password } as const;
      await expect(
        enterCredential(owner, { connectionId, clientId, credential }),
      ).rejects.toMatchObject({
        code: "invalid",
        fields: { [`credential.${field}`]: expect.stringContaining(words) },
      });
      expect(await traces()).toEqual(before);
    },
  );
});

describe("worker-only decryption", () => {
  it("D16: the web program can neither read a sealed credential nor open one it was given", async () => {
    const connectionId = await draft();
    const credential = {
      kind: "certificate-file",
      file: packed(windowsPfx),
      password: filePassword,
    } as const;
    await enterCredential(owner, { connectionId, clientId, credential });
    const [stored] = await db.ownerSql<{ id: string; version: number; sealed: string }[]>`
      select id, version, sealed from credentials where connection_id = ${connectionId}`;
    if (stored === undefined) throw new Error("nothing was stored");
    expect(stored.sealed).not.toContain("PRIVATE");
    const key = { workspaceId: owner.workspaceId, credentialId: stored.id };

    const reading = web.platform.db.inWorkspace(owner.workspaceId, (tx) =>
      findSealedCredential(tx, key),
    );
    await expect(reading).rejects.toMatchObject({ cause: { code: "42501" } });

    const binding = credentialBinding({
      connectionId,
      credentialId: stored.id,
      kind: "certificate",
      version: stored.version,
    });
    const publicOnly = await createOpener({ keys: [web.publicKey] });
    await expect(publicOnly.open(stored.sealed, binding)).rejects.toMatchObject({
      failure: { code: "credential-unreadable" },
    });
    await expect(createSealer({ ...web.publicKey, d: "AA" })).rejects.toThrow(TypeError);

    const byWorker = await db.worker.inWorkspace(owner.workspaceId, (tx) =>
      findSealedCredential(tx, key),
    );
    const opened = await web.opener.open(byWorker?.sealed ?? "", binding);
    expect(opened).toContain("PRIVATE KEY");
  });
});
