import { setTimeout as sleep } from "node:timers/promises";
import type { Tx } from "#db/client";
import type { ConnectionKey } from "#db/queries/connections";
import { findUsableCredential } from "#db/queries/credentials";
import {
  findLastFailure,
  findOpenVerification,
  requestUnlessOpen,
} from "#db/queries/verification-requests";
import { findVerifiedConnection } from "#db/queries/verified-connection";
import { FailureError } from "#lib/domain/failure";
import type { WorkerPlatform } from "./context.ts";

const pollMs = 1000;

/** Longer than a verification may wait for a consent to arrive. */
const patienceMs = 8 * 60_000;

/**
 * An import may start in `verifying`, which verifies first: asks for a verification unless one is under way, and waits
 * for its end. Returns at once in every other status. Source: DESIGN §7 step 4.
 * @throws FailureError with the verification's failure; the signal's reason when the worker stops.
 */
export async function ensureVerified(
  platform: WorkerPlatform,
  scope: ConnectionKey,
  signal: AbortSignal,
): Promise<void> {
  const deadline = platform.now().getTime() + patienceMs;
  for (let asked = false; platform.now().getTime() < deadline; ) {
    const state = await platform.db.inWorkspace(scope.workspaceId, (tx) =>
      askOnce(platform, tx, scope, asked),
    );
    if (state === "verified") return;
    asked = true;
    await sleep(pollMs, undefined, { signal });
  }
  throw new FailureError({ class: "system", code: "verification-overdue" });
}

/** Looks where the connection stands; asks for a verification the first time when none is under way. */
async function askOnce(
  platform: WorkerPlatform,
  tx: Tx,
  scope: ConnectionKey,
  asked: boolean,
): Promise<"verified" | "under-way"> {
  const connection = await findVerifiedConnection(tx, scope);
  const active = await findOpenVerification(tx, scope);
  if (active) return connection?.status === "verifying" || asked ? "under-way" : "verified";
  if (asked || connection?.status !== "verifying") {
    const failure = asked ? await findLastFailure(tx, scope) : null;
    if (failure) throw new FailureError(failure);
    return "verified";
  }
  const credential = await findUsableCredential(tx, scope);
  const candidate = credential?.state === "candidate" ? credential : null;
  const id = await requestUnlessOpen(tx, {
    ...scope,
    kind: candidate ? "credential" : "check",
    ...(candidate === null ? {} : { credentialId: candidate.credentialId }),
    requestedBy: "import",
  });
  if (id) {
    const { workspaceId } = scope;
    await platform.queue.send(tx, "verification", { workspaceId, id }, id);
  }
  return "under-way";
}
