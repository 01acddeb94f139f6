import { z } from "zod";
import { findAlert, recordAcknowledged } from "#db/queries/alerts";
import type { AlertItem } from "#lib/domain/alert-item";
import { requireRight } from "./actor.ts";
import { toAlertItem, visibleAlertKinds } from "./alert-view.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const acknowledgeAlertInput = z.strictObject({ alertId: guid });

/**
 * Says that somebody takes care of an alert: it stays open and listed, and the bell counts it no more until it gets
 * worse. Doing it again, or to one that is resolved, changes nothing. Right: manage-connections.
 * @throws UseCaseError `not-found`.
 */
export async function acknowledgeAlert(
  ctx: Ctx,
  input: z.input<typeof acknowledgeAlertInput>,
): Promise<AlertItem> {
  requireRight(ctx, "manage-connections");
  const { alertId: id } = parseInput(acknowledgeAlertInput, input);
  const { workspaceId } = ctx;
  const scope = { workspaceId, kinds: visibleAlertKinds(ctx), id };
  return inWorkspace(ctx, async (tx) => {
    if (await recordAcknowledged(tx, { workspaceId, id }, ctx.actor.name)) {
      await auditChange(tx, ctx, {
        action: "alert.acknowledged",
        target: { kind: "alert", id },
      });
    }
    const row = await findAlert(tx, scope);
    if (row === undefined) throw notFound("alert");
    return toAlertItem(row, ctx.platform.now());
  });
}
