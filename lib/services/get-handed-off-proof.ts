import { findHandedOffProof } from "#db/queries/hand-offs";
import { findVerificationOfProof } from "#db/queries/verification-reads";
import { hashSecret, isSecret } from "./consent-secrets.ts";
import type { Platform } from "./context.ts";

/** What became of the approval of whoever came with a link; nothing of the workspace is in it. */
export type HandedOffProof =
  | { readonly kind: "checking"; readonly waiting: boolean }
  | { readonly kind: "done" }
  /** `code` of a failure (lib/domain/failure); number and id by which Microsoft's support finds it, null without one. */
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly errorNumber: number | null;
      readonly correlationId: string | null;
    }
  /** This browser brought nothing back within the hour. */
  | { readonly kind: "none" };

/**
 * How the sign-in ended that this browser brought back with a hand-off link; its cookie is the only key. Needs no session.
 * Source: DESIGN §7 Hand-off.
 */
export async function getHandedOffProof(
  platform: Platform,
  cookie: string | null,
): Promise<HandedOffProof> {
  if (cookie === null || !isSecret(cookie)) return { kind: "none" };
  const proof = await platform.db.outside((tx) => findHandedOffProof(tx, hashSecret(cookie)));
  if (proof === undefined) return { kind: "none" };
  const verification = await platform.db.inWorkspace(proof.workspaceId, (tx) =>
    findVerificationOfProof(tx, proof),
  );
  // Cancelled at the second sign-in: nothing was asked of the worker.
  if (verification === undefined) return { kind: "none" };
  switch (verification.state) {
    case "queued":
    case "running":
      return { kind: "checking", waiting: false };
    case "waiting":
      return { kind: "checking", waiting: true };
    case "succeeded":
      return { kind: "done" };
    case "failed": {
      const { failure } = verification;
      return {
        kind: "refused",
        code: failure?.code ?? "unexpected",
        errorNumber: failure?.errorNumber ?? null,
        correlationId: failure?.correlationId ?? null,
      };
    }
    default:
      return verification.state satisfies never;
  }
}
