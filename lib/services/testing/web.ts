import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { openQueueSender } from "#db/queue";
import type { TestDatabase } from "#db/testing/test-database";
import type { Role } from "#lib/domain/role";
import { originsOf } from "#lib/microsoft/clouds";
import type { Ctx, Platform } from "../context.ts";
import { createOpener, createSealer, type Opener } from "../sealing.ts";

/** The web program's platform on a test's database, with its own key pair and the program's own role and queue. */
export interface TestWeb {
  readonly platform: Platform;
  /** The worker's half, to look at what was sealed. */
  readonly opener: Opener;
  /** All the web program has of the key. */
  readonly publicKey: JWK;
  close(): Promise<void>;
}

export async function createTestWeb(
  db: TestDatabase,
  given: { readonly signInTenants?: readonly string[]; readonly now?: () => Date } = {},
): Promise<TestWeb> {
  const { publicKey, privateKey } = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
  const queue = await openQueueSender({
    url: db.urls.web,
    applicationName: "test web queue",
    onError: (error) => {
      throw error;
    },
  });
  return {
    platform: {
      db: db.web,
      queue,
      sealer: await createSealer(await exportJWK(publicKey)),
      config: {
        appUrl: "http://localhost:3000",
        signInTenants: given.signInTenants ?? null,
        multiTenantApp: { global: { clientId: "5f0c1c7e-0f4e-4c3a-9d7e-0b1a2c3d4e5f" } },
        cursorKey: new Uint8Array(32).fill(7),
        packageMaxBytes: 64 * 1024 ** 2,
        originsOf: (cloud) => originsOf(cloud, { login: "http://localhost:4000" }),
      },
      now: given.now ?? (() => new Date()),
    },
    publicKey: await exportJWK(publicKey),
    opener: await createOpener({ keys: [await exportJWK(privateKey)] }),
    close: () => queue.close(),
  };
}

/** A member of a role with a live session, past the walls. */
export async function createMember(
  db: Pick<TestDatabase, "ownerSql">,
  platform: Platform,
  workspaceId: string,
  role: Role,
): Promise<Ctx> {
  const memberId = randomUUID();
  const sessionId = randomUUID();
  const name = `${role} ${memberId.slice(0, 8)}`;
  await db.ownerSql`
    insert into members (workspace_id, id, tenant_id, object_id, name, role)
    values (${workspaceId}, ${memberId}, ${randomUUID()}, ${randomUUID()}, ${name}, ${role})`;
  await db.ownerSql`
    insert into sessions (workspace_id, id, member_id, expires_at)
    values (${workspaceId}, ${sessionId}, ${memberId}, now() + interval '1 hour')`;
  return {
    platform,
    workspaceId,
    actor: { kind: "member", id: memberId, name, role, sessionId },
  };
}
