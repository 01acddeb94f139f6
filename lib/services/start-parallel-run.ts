import { z } from "zod";
import { saveParallelRun } from "#db/queries/parallel-runs";
import { loadSwitchFacts, lockScope } from "#db/queries/switch-facts";
import { choicesInForce, previewSwitch } from "#lib/domain/switch-preview";
import { parallelRunDays } from "#lib/domain/switching";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import {
  requireScope,
  requireSwitchRight,
  switchScopeInput,
  tenantChoicesInput,
} from "./switch-input.ts";
import { requireNotInForce, SwitchRefusedError } from "./switch-source.ts";

const { min, max } = parallelRunDays;

export const startParallelRunInput = z.strictObject({
  ...switchScopeInput,
  choices: tenantChoicesInput,
  days: z.coerce
    .number()
    .int()
    .min(min, `Enter ${min} to ${max} days.`)
    .max(max, `Enter ${min} to ${max} days.`),
});

/**
 * Asks for a switch so many days ahead. Until then both sources are shown and the lower one counts; then the worker
 * switches, or says why it could not. Asking again moves the day. Source: DESIGN §5 Superseding. Right: as for the
 * switch.
 * @throws UseCaseError `not-found`, `invalid`; `conflict` as for the switch, except for counts that disagree: to see
 * whether they come together is what the days are for.
 */
export async function startParallelRun(
  ctx: Ctx,
  input: z.input<typeof startParallelRunInput>,
): Promise<{ readonly id: string; readonly switchAt: string }> {
  const plan = parseInput(startParallelRunInput, input);
  requireSwitchRight(ctx, plan);
  const { workspaceId } = ctx;
  const { by, tenantId, days } = plan;
  return inWorkspace(ctx, async (tx) => {
    await requireScope(tx, ctx, plan);
    await lockScope(tx, { workspaceId, tenantId });
    await requireNotInForce(tx, ctx, plan);
    const preview = previewSwitch(await loadSwitchFacts(tx, { workspaceId, tenantId }), plan);
    const { obstacle } = preview;
    if (obstacle !== null && obstacle.kind !== "counts-disagree") {
      throw new SwitchRefusedError(obstacle, plan);
    }
    const keptTenantIds = choicesInForce(preview, "keep");
    const retiredTenantIds = choicesInForce(preview, "retire");
    const run = await saveParallelRun(tx, {
      workspaceId,
      by,
      tenantId,
      keptTenantIds,
      retiredTenantIds,
      days,
      startedBy: ctx.actor.name,
    });
    const switchAt = run.switchAt.toISOString();
    await auditChange(tx, ctx, {
      action: "parallel-run.started",
      target: { kind: "parallel-run", id: run.id },
      details: { by, tenantId, days, switchAt, kept: keptTenantIds, retired: retiredTenantIds },
    });
    return { id: run.id, switchAt };
  });
}
