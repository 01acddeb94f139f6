import { z } from "zod";
import { lockConnection } from "#db/queries/connections";
import { cancelActiveRuns } from "#db/queries/import-changes";
import { findImport, listRunsOfImports } from "#db/queries/imports";
import { datasets } from "#lib/domain/import";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

/** `dataset`: only that one; all of the import's by default. */
export const importDecisionInput = z.strictObject({
  importId: guid,
  dataset: z.enum(datasets).optional(),
});

export const cancelImportInput = importDecisionInput;

/** The datasets a decision changed; empty when it came too late. */
export interface Decided {
  readonly datasets: readonly string[];
}

/**
 * Ends an import's active runs by state and epoch: a worker that still reads can never publish, and a new import may
 * start at once. What is over stays as it is. Source: DESIGN §4.2, fault-catalogue A13. Right: cancel-import.
 * @throws UseCaseError `not-found`.
 */
export async function cancelImport(
  ctx: Ctx,
  input: z.input<typeof cancelImportInput>,
): Promise<Decided> {
  requireRight(ctx, "cancel-import");
  const { importId, dataset } = parseInput(cancelImportInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const found = await findImport(tx, { workspaceId, importId });
    if (found === undefined) throw notFound("import");
    const { connectionId } = found;
    await lockConnection(tx, { workspaceId, connectionId });
    const runs = (await listRunsOfImports(tx, { workspaceId, importIds: [importId] })).get(
      importId,
    );
    const runIds = (runs ?? [])
      .filter((run) => dataset === undefined || run.dataset === dataset)
      .map((run) => run.id);
    const decidedBy = ctx.actor.name;
    const ended =
      runIds.length === 0
        ? []
        : await cancelActiveRuns(tx, { workspaceId, connectionId, runIds, decidedBy });
    const cancelled = ended.map((run) => run.dataset);
    if (cancelled.length > 0) {
      await auditChange(tx, ctx, {
        action: "import.cancelled",
        target: { kind: "import", id: importId },
        details: { connectionId, datasets: cancelled },
      });
    }
    return { datasets: cancelled };
  });
}
