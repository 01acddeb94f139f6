import { recordAudit, systemAuditActor } from "#db/queries/audit";
import { findConnection } from "#db/queries/connections";
import { findDueKeyPair, listDueKeyPairs, recordKeyPair } from "#db/queries/key-pairs";
import { certificateFacts, makeCertificate } from "./certificate.ts";
import type { Platform, WorkerPlatform } from "./context.ts";
import { credentialBinding } from "./sealing.ts";

/**
 * Makes a key pair that was asked for. The private key exists in this process only until it is sealed; done again it
 * changes nothing. Worker only. Source: DESIGN §7 step 3b. Returns whether this call made it.
 */
export async function makeKeyPair(
  platform: Pick<WorkerPlatform, "db" | "sealer" | "now">,
  asked: { readonly workspaceId: string; readonly credentialId: string },
): Promise<boolean> {
  const { db, sealer, now } = platform;
  const { workspaceId } = asked;
  const due = await db.inWorkspace(workspaceId, async (tx) => {
    const found = await findDueKeyPair(tx, asked);
    const connection = found && (await findConnection(tx, found));
    return found && connection ? { ...found, name: connection.name } : undefined;
  });
  if (due === undefined) return false;
  // A common name has at most 64 characters (X.520).
  const pair = await makeCertificate(`Seatledger ${due.name}`.slice(0, 64), now());
  const { certificate } = pair;
  const sealed = await sealer.seal(
    JSON.stringify(pair),
    credentialBinding({ ...due, kind: "certificate" }),
  );
  const { expiresAt, sha256 } = certificateFacts(certificate);
  return db.inWorkspace(workspaceId, async (tx) => {
    const made = { sealed, kid: sealer.kid, certificate, expiresAt };
    if (!(await recordKeyPair(tx, asked, made))) return false;
    await recordAudit(tx, {
      workspaceId,
      actor: systemAuditActor,
      action: "credential.key-pair-made",
      target: { kind: "connection", id: due.connectionId },
      details: { version: due.version, sha256 },
    });
    return true;
  });
}

/** Sends every key pair that nobody has made yet; a job that lives is not doubled. Returns how many there are. */
export async function wakeKeyPairs(platform: Pick<Platform, "db" | "queue">): Promise<number> {
  const due = await platform.db.outside((tx) => listDueKeyPairs(tx));
  for (const { workspaceId, credentialId: id } of due) {
    await platform.db.inWorkspace(workspaceId, (tx) =>
      platform.queue.send(tx, "key-pair", { workspaceId, id }, id),
    );
  }
  return due.length;
}
