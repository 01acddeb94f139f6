import type { z } from "zod";
import { discardHeldRun } from "#db/queries/publish";
import { requireRight } from "./actor.ts";
import { type Decided, importDecisionInput } from "./cancel-import.ts";
import type { Ctx } from "./context.ts";
import { decideHeldImport } from "./decide-held-import.ts";
import { parseInput } from "./input.ts";

export const discardImportInput = importDecisionInput;

/**
 * Discards what an import holds; the published numbers stay as they are. Right: decide-held-import.
 * @throws UseCaseError `not-found`, `conflict`.
 */
export async function discardImport(
  ctx: Ctx,
  input: z.input<typeof discardImportInput>,
): Promise<Decided> {
  requireRight(ctx, "decide-held-import");
  const { importId, dataset } = parseInput(discardImportInput, input);
  return decideHeldImport(ctx, {
    importId,
    dataset,
    action: "import.discarded",
    decide: async (tx, runId) => {
      const decision = { workspaceId: ctx.workspaceId, runId, decidedBy: ctx.actor.name };
      return (await discardHeldRun(tx, decision)) === "discarded";
    },
  });
}
