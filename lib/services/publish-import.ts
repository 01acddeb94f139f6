import type { z } from "zod";
import { publishHeldRun } from "#db/queries/publish";
import { requireRight } from "./actor.ts";
import { type Decided, importDecisionInput } from "./cancel-import.ts";
import type { Ctx } from "./context.ts";
import { decideHeldImport } from "./decide-held-import.ts";
import { parseInput } from "./input.ts";

export const publishImportInput = importDecisionInput;

/**
 * Publishes what an import holds, on the word of somebody who compared the numbers. Right: decide-held-import.
 * @throws UseCaseError `not-found`, `conflict`.
 */
export async function publishImport(
  ctx: Ctx,
  input: z.input<typeof publishImportInput>,
): Promise<Decided> {
  requireRight(ctx, "decide-held-import");
  const { importId, dataset } = parseInput(publishImportInput, input);
  return decideHeldImport(ctx, {
    importId,
    dataset,
    action: "import.published",
    decide: async (tx, runId) => {
      const decision = { workspaceId: ctx.workspaceId, runId, decidedBy: ctx.actor.name };
      return (await publishHeldRun(tx, decision)) !== "gone";
    },
  });
}
