import { z } from "zod";
import type { Tx } from "#db/client";
import { deleteParallelRunOf } from "#db/queries/parallel-runs";
import { recomputeReconciliation } from "#db/queries/reconcile";
import { insertSupersession, listSupersessionRows } from "#db/queries/supersessions";
import { loadSwitchFacts, lockScope } from "#db/queries/switch-facts";
import { sourceLabels } from "#lib/domain/connection-labels";
import type { Supersession } from "#lib/domain/precedence";
import {
  choicesInForce,
  previewSwitch,
  type SwitchPlan,
  type SwitchPreview,
} from "#lib/domain/switch-preview";
import { obstacleText, type SwitchObstacle, type SwitchScope } from "#lib/domain/switching";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import {
  requireScope,
  requireSwitchRight,
  switchScopeInput,
  tenantChoicesInput,
} from "./switch-input.ts";

export const switchSourceInput = z.strictObject({
  ...switchScopeInput,
  choices: tenantChoicesInput,
  /** The counts that differ by more than a third were looked at. */
  confirmed: z.boolean().default(false),
});

/** A switch that cannot be made as asked for; says what stands in the way. */
export class SwitchRefusedError extends UseCaseError {
  readonly obstacle: SwitchObstacle;
  constructor(obstacle: SwitchObstacle, scope: SwitchScope) {
    super("conflict", obstacleText(obstacle, scope.by));
    this.obstacle = obstacle;
  }
}

/**
 * Lets a source stand for those below it: writes the one row every status follows from and recomputes each connection
 * it changes, in one transaction. Licenses of lower sources, existing or created later, are Retired and in no total;
 * their connections go on importing. Source: DESIGN §5 Superseding, fault-catalogue B44. Right: manage-integrations for
 * the workspace, manage-connections for one tenant.
 * @throws UseCaseError `not-found`, `invalid`; `conflict` when it is in force, or as SwitchRefusedError.
 */
export async function switchSource(
  ctx: Ctx,
  input: z.input<typeof switchSourceInput>,
): Promise<{ readonly id: string }> {
  const plan = parseInput(switchSourceInput, input);
  requireSwitchRight(ctx, plan);
  return inWorkspace(ctx, async (tx) => {
    await requireScope(tx, ctx, plan);
    return { id: await switchWithin(tx, ctx, plan) };
  });
}

/** The switch inside the caller's transaction; returns the supersession's id. */
export async function switchWithin(
  tx: Tx,
  ctx: Ctx,
  plan: SwitchPlan & { readonly confirmed: boolean },
): Promise<string> {
  const { workspaceId } = ctx;
  const { by, tenantId } = plan;
  await lockScope(tx, { workspaceId, tenantId });
  await requireNotInForce(tx, ctx, plan);
  const preview = previewSwitch(await loadSwitchFacts(tx, { workspaceId, tenantId }), plan);
  const { obstacle } = preview;
  if (obstacle !== null && !(obstacle.kind === "counts-disagree" && plan.confirmed)) {
    throw new SwitchRefusedError(obstacle, plan);
  }
  await deleteParallelRunOf(tx, { workspaceId, by, tenantId });
  const id = await insertSupersession(tx, {
    workspaceId,
    supersession: supersessionOf(preview),
    createdBy: ctx.actor.name,
  });
  await recomputeAll(tx, ctx, preview.changed);
  await auditChange(tx, ctx, {
    action: "supersession.created",
    target: { kind: "supersession", id },
    details: {
      by,
      tenantId,
      kept: choicesInForce(preview, "keep"),
      retiredWithoutSuccessor: choicesInForce(preview, "retire"),
      connections: preview.changed,
      disagreeing: obstacle?.kind === "counts-disagree" ? obstacle.licenses : 0,
    },
  });
  return id;
}

const supersessionOf = (preview: SwitchPreview): Supersession =>
  preview.tenantId === null
    ? { by: "saas-management", keptTenantIds: choicesInForce(preview, "keep") }
    : { by: preview.by, tenantId: preview.tenantId };

/** @throws UseCaseError `conflict` with the supersession that is in force. */
export async function requireNotInForce(tx: Tx, ctx: Ctx, scope: SwitchScope): Promise<void> {
  const rows = await listSupersessionRows(tx, { workspaceId: ctx.workspaceId });
  const same = rows.find((row) => row.by === scope.by && row.tenantId === scope.tenantId);
  if (same === undefined) return;
  throw new UseCaseError("conflict", `${sourceLabels[scope.by]} counts here already.`, {
    existingId: same.id,
  });
}

/** Computes connections anew that begin or cease to count, in one order. Their rows are locked. */
export async function recomputeAll(
  tx: Tx,
  { workspaceId }: Pick<Ctx, "workspaceId">,
  connectionIds: readonly string[],
): Promise<void> {
  for (const connectionId of [...connectionIds].sort()) {
    await recomputeReconciliation(tx, { workspaceId, connectionId, cause: "status" });
  }
}
