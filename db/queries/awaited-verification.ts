import { and, eq } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type VerificationState, verifications } from "#db/schema/connections";
import { datasetRuns } from "#db/schema/imports";
import type { Failure } from "#lib/domain/failure";
import type { RunHandle } from "#lib/import/ports";
import { holdEpoch } from "./import-store-fence.ts";

type Run = Pick<RunHandle, "workspaceId" | "runId">;

const isRun = (run: Run) =>
  and(eq(datasetRuns.workspaceId, run.workspaceId), eq(datasetRuns.id, run.runId));

/** The verification a run has to wait for, whatever became of it; undefined = none. */
export async function findAwaitedVerification(
  tx: Tx,
  run: Run,
): Promise<{ readonly state: VerificationState; readonly failure: Failure | null } | undefined> {
  const [row] = await tx
    .select({ state: verifications.state, failure: verifications.failure })
    .from(datasetRuns)
    .innerJoin(
      verifications,
      and(
        eq(verifications.workspaceId, datasetRuns.workspaceId),
        eq(verifications.id, datasetRuns.verificationId),
      ),
    )
    .where(isRun(run));
  return row;
}

/** Keeps which verification a run waits for. Throws SupersededError. */
export async function awaitVerification(
  tx: Tx,
  run: RunHandle,
  verificationId: string,
): Promise<void> {
  await holdEpoch(tx, run);
  await tx.update(datasetRuns).set({ verificationId }).where(isRun(run));
}
