import { z } from "zod";
import { deleteParallelRunOf, findParallelRun } from "#db/queries/parallel-runs";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { requireSwitchRight } from "./switch-input.ts";

export const endParallelRunInput = z.strictObject({ parallelRunId: guid });

/**
 * Calls off a switch that was asked for ahead. Nothing changes: the lower source goes on counting. Right: as for the
 * switch.
 * @throws UseCaseError `not-found`.
 */
export async function endParallelRun(
  ctx: Ctx,
  input: z.input<typeof endParallelRunInput>,
): Promise<void> {
  requireRight(ctx, "manage-connections");
  const { parallelRunId: id } = parseInput(endParallelRunInput, input);
  const { workspaceId } = ctx;
  await inWorkspace(ctx, async (tx) => {
    const run = await findParallelRun(tx, { workspaceId, id });
    if (run === undefined) throw notFound("parallel run");
    requireSwitchRight(ctx, run);
    const { by, tenantId } = run;
    await deleteParallelRunOf(tx, { workspaceId, by, tenantId });
    await auditChange(tx, ctx, {
      action: "parallel-run.ended",
      target: { kind: "parallel-run", id },
      details: { by, tenantId, switchAt: run.switchAt.toISOString() },
    });
  });
}
