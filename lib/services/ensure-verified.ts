import { setTimeout as sleep } from "node:timers/promises";
import type { Tx } from "#db/client";
import { awaitVerification, findAwaitedVerification } from "#db/queries/awaited-verification";
import { findUsableCredential } from "#db/queries/credentials";
import { findOpenVerification, requestUnlessOpen } from "#db/queries/verification-requests";
import { findVerifiedConnection } from "#db/queries/verified-connection";
import { FailureError } from "#lib/domain/failure";
import type { RunHandle } from "#lib/import/ports";
import type { WorkerPlatform } from "./context.ts";

const pollMs = 1000;

/** A verification that is worked on takes seconds: so long a run keeps its place for it. */
const sitOutMs = 5000;

/** Where a run stands with its connection. `later`: it has to be left alone until then. */
export type Verified =
  | { readonly kind: "verified" }
  | { readonly kind: "later"; readonly until: Date };

/**
 * An import may start in `verifying`, which verifies first: asks for a verification unless one is under way. One that is
 * worked on is waited for; one that waits itself, because a consent takes minutes to arrive, is not: the run comes back
 * later and goes by how that verification ended. Verified at once in every other status. Source: DESIGN §7 step 4.
 * @throws FailureError with the verification's failure; SupersededError; the signal's reason when the worker stops.
 */
export async function ensureVerified(
  platform: WorkerPlatform,
  run: RunHandle,
  signal: AbortSignal,
): Promise<Verified> {
  const deadline = platform.now().getTime() + sitOutMs;
  for (;;) {
    const standing = await platform.db.inWorkspace(run.workspaceId, (tx) =>
      look(platform, tx, run),
    );
    if (standing.kind !== "under-way") return standing;
    if (platform.now().getTime() >= deadline) return { kind: "later", until: standing.until };
    await sleep(pollMs, undefined, { signal });
  }
}

type Standing = Verified | { readonly kind: "under-way"; readonly until: Date };

async function look(platform: WorkerPlatform, tx: Tx, run: RunHandle): Promise<Standing> {
  const awaited = await findAwaitedVerification(tx, run);
  if (awaited?.state === "succeeded") return { kind: "verified" };
  const connection = await findVerifiedConnection(tx, run);
  const open = await findOpenVerification(tx, run);
  if (open !== undefined) {
    if (connection?.status !== "verifying" && awaited === undefined) return { kind: "verified" };
    await awaitVerification(tx, run, open.id);
    return { kind: open.state === "waiting" ? "later" : "under-way", until: open.lookAgainAt };
  }
  if (awaited?.failure) throw new FailureError(awaited.failure);
  if (connection?.status !== "verifying") return { kind: "verified" };
  await request(platform, tx, run);
  return look(platform, tx, run);
}

/** Asks for a verification, unless somebody does at this moment. */
async function request(platform: WorkerPlatform, tx: Tx, run: RunHandle): Promise<void> {
  const { workspaceId, connectionId } = run;
  const credential = await findUsableCredential(tx, run);
  const candidate = credential?.state === "candidate" ? credential : null;
  const id = await requestUnlessOpen(tx, {
    workspaceId,
    connectionId,
    kind: candidate ? "credential" : "check",
    ...(candidate === null ? {} : { credentialId: candidate.credentialId }),
    requestedBy: "import",
  });
  if (id) await platform.queue.send(tx, "verification", { workspaceId, id }, id);
}
