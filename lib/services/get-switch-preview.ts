import { z } from "zod";
import { listParallelRuns } from "#db/queries/parallel-runs";
import { listSupersessionRows, toSupersession } from "#db/queries/supersessions";
import { loadSwitchFacts } from "#db/queries/switch-facts";
import { previewSwitch, previewUndo, type SwitchPreview } from "#lib/domain/switch-preview";
import type { SwitchScope } from "#lib/domain/switching";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { parseInput } from "./input.ts";
import { inSnapshot } from "./read-list.ts";
import { requireScope, switchScopeInput, tenantChoicesInput } from "./switch-input.ts";
import {
  type ParallelRunItem,
  type SupersessionItem,
  toRunItem,
  toSwitchItem,
} from "./switch-view.ts";

export const getSwitchPreviewInput = z.strictObject({
  ...switchScopeInput,
  choices: tenantChoicesInput,
});

/** What a switch would do, or what one that is in force has done. */
export interface SwitchView {
  readonly preview: SwitchPreview;
  readonly inForce: SupersessionItem | null;
  /** What taking it back would do; null when nothing is in force. */
  readonly undo: SwitchPreview | null;
  readonly parallelRun: ParallelRunItem | null;
}

/**
 * What letting a source stand for those below it would do, from the current figures. Changes nothing. Seats. Source:
 * DESIGN §5 Superseding. Right: read.
 * @throws UseCaseError `not-found`, `invalid`.
 */
export async function getSwitchPreview(
  ctx: Ctx,
  input: z.input<typeof getSwitchPreviewInput>,
): Promise<SwitchView> {
  requireRight(ctx, "read");
  const plan = parseInput(getSwitchPreviewInput, input);
  const { workspaceId } = ctx;
  const isThis = (scope: SwitchScope) => scope.by === plan.by && scope.tenantId === plan.tenantId;
  return inSnapshot(ctx, async (tx) => {
    await requireScope(tx, ctx, plan);
    const facts = await loadSwitchFacts(tx, { workspaceId, tenantId: plan.tenantId });
    const rows = await listSupersessionRows(tx, { workspaceId });
    const inForce = rows.find(isThis);
    const remaining = rows.filter((row) => row !== inForce).flatMap(toSupersession);
    const parallelRun = (await listParallelRuns(tx, { workspaceId })).find(isThis);
    return {
      preview: previewSwitch(facts, plan),
      inForce: inForce === undefined ? null : toSwitchItem(inForce),
      undo: inForce === undefined ? null : previewUndo(facts, plan, remaining),
      parallelRun: parallelRun === undefined ? null : toRunItem(parallelRun),
    };
  });
}
