import { z } from "zod";
import { listParallelRuns, type ParallelRunRow } from "#db/queries/parallel-runs";
import {
  listSupersessionRows,
  type SupersessionRow,
  toSupersession,
} from "#db/queries/supersessions";
import { loadSwitchFacts } from "#db/queries/switch-facts";
import {
  previewSwitch,
  previewUndo,
  type SwitchPlan,
  type SwitchPreview,
} from "#lib/domain/switch-preview";
import { choicesOf, type SwitchScope } from "#lib/domain/switching";
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
 * What letting a source stand for those below it would do, from the current figures; in force it goes by the choices
 * made then, and where it was asked for ahead by those, unless others are asked. Changes nothing. Seats. Source:
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
      preview: previewSwitch(facts, { ...plan, choices: choicesFor(plan, inForce, parallelRun) }),
      inForce: inForce === undefined ? null : toSwitchItem(inForce),
      undo: inForce === undefined ? null : previewUndo(facts, plan, remaining),
      parallelRun: parallelRun === undefined ? null : toRunItem(parallelRun),
    };
  });
}

function choicesFor(
  { choices }: SwitchPlan,
  inForce: SupersessionRow | undefined,
  parallelRun: ParallelRunRow | undefined,
): SwitchPlan["choices"] {
  // Every tenant that was not kept follows the rule.
  if (inForce !== undefined) return choicesOf({ ...inForce, retiredTenantIds: [] });
  if (parallelRun === undefined) return choices;
  const asked = new Set(choices.map(({ tenantId }) => tenantId));
  return [...choices, ...choicesOf(parallelRun).filter(({ tenantId }) => !asked.has(tenantId))];
}
