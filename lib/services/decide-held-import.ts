import type { Tx } from "#db/client";
import { findImport, listRunsOfImports } from "#db/queries/imports";
import type { Dataset } from "#lib/domain/import";
import { auditChange } from "./audit.ts";
import type { Decided } from "./cancel-import.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { notFound } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

/** What is decided about the held runs of an import. */
export interface HeldDecision {
  readonly importId: string;
  readonly dataset: Dataset | undefined;
  readonly action: "import.published" | "import.discarded";
  /** Decides one run; false when somebody was faster. */
  readonly decide: (tx: Tx, runId: string) => Promise<boolean>;
}

/**
 * Decides an import's held runs in one transaction and tells of it. The caller has checked the right. Of two people who
 * decide at once one wins, the other is told. Source: DESIGN §4.5, fault-catalogue B27.
 * @throws UseCaseError `not-found`; `conflict` when nothing is held (any more).
 */
export async function decideHeldImport(ctx: Ctx, decision: HeldDecision): Promise<Decided> {
  const { workspaceId } = ctx;
  const { importId, dataset } = decision;
  return inWorkspace(ctx, async (tx) => {
    const found = await findImport(tx, { workspaceId, importId });
    if (found === undefined) throw notFound("import");
    const runs = (await listRunsOfImports(tx, { workspaceId, importIds: [importId] })).get(
      importId,
    );
    const decided: Dataset[] = [];
    for (const run of runs ?? []) {
      if (run.state !== "suspect" || (dataset !== undefined && run.dataset !== dataset)) continue;
      if (await decision.decide(tx, run.id)) decided.push(run.dataset);
    }
    if (decided.length === 0) {
      throw new UseCaseError(
        "conflict",
        "Nothing of this import is held: it was decided already or replaced by a newer one.",
      );
    }
    await auditChange(tx, ctx, {
      action: decision.action,
      target: { kind: "import", id: importId },
      details: { connectionId: found.connectionId, datasets: decided },
    });
    return { datasets: decided };
  });
}
