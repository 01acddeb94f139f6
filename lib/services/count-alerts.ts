import { countNewAlerts } from "#db/queries/alerts";
import { requireRight } from "./actor.ts";
import { visibleAlertKinds } from "./alert-view.ts";
import type { Ctx } from "./context.ts";
import { inWorkspace } from "./read-list.ts";

/** Open alerts that nobody has acknowledged: the number on the bell. Right: read. */
export async function countAlerts(ctx: Ctx): Promise<{ readonly count: number }> {
  requireRight(ctx, "read");
  const { workspaceId } = ctx;
  const kinds = visibleAlertKinds(ctx);
  return inWorkspace(ctx, async (tx) => ({
    count: await countNewAlerts(tx, { workspaceId, kinds }),
  }));
}
