import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { findConnection } from "#db/queries/connections";
import { findPreparedKeyPair } from "#db/queries/key-pairs";
import { secondsSinceWorkerSeen } from "#db/queries/workers";
import type { KeyPairItem } from "#lib/domain/credential-item";
import { requireRight } from "./actor.ts";
import { certificateFacts } from "./certificate.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getKeyPairInput = z.strictObject({ connectionId: guid });

/** The key pair in preparation; null when none is. Right: manage-credentials. @throws UseCaseError `not-found`. */
export async function getKeyPair(
  ctx: Ctx,
  input: z.input<typeof getKeyPairInput>,
): Promise<KeyPairItem | null> {
  const found = await readKeyPair(ctx, input);
  if (found === null) return null;
  const { certificate, expiresAt, ...facts } = found;
  if (certificate === null || expiresAt === null) return { ...facts, certificate: null };
  const { sha1, sha256 } = certificateFacts(certificate);
  return { ...facts, certificate: { sha1, sha256, expiresAt: expiresAt.toISOString() } };
}

/**
 * The public certificate of the key pair in preparation, as a DER file to register at Microsoft. Right:
 * manage-credentials.
 * @throws UseCaseError `not-found`; `conflict` while a worker is still making it.
 */
export async function getKeyPairCertificate(
  ctx: Ctx,
  input: z.input<typeof getKeyPairInput>,
): Promise<{ readonly fileName: string; readonly bytes: Uint8Array }> {
  const certificate = (await readKeyPair(ctx, input))?.certificate ?? null;
  if (certificate === null) {
    throw new UseCaseError("conflict", "The certificate is not made yet, or was used already.");
  }
  const { raw } = new X509Certificate(certificate);
  return { fileName: "seatledger.cer", bytes: new Uint8Array(raw) };
}

async function readKeyPair(ctx: Ctx, input: z.input<typeof getKeyPairInput>) {
  requireRight(ctx, "manage-credentials");
  const { connectionId } = parseInput(getKeyPairInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    if ((await findConnection(tx, key)) === undefined) throw notFound("connection");
    const row = await findPreparedKeyPair(tx, key);
    if (row === undefined) return null;
    const { credentialId, certificate, expiresAt } = row;
    const workerSeenSecondsAgo = await secondsSinceWorkerSeen(tx);
    return { connectionId, credentialId, certificate, expiresAt, workerSeenSecondsAgo };
  });
}
