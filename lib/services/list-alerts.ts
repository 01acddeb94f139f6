import { z } from "zod";
import { listAlertRows } from "#db/queries/alerts";
import type { AlertItem } from "#lib/domain/alert-item";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import { toAlertItem, visibleAlertKinds } from "./alert-view.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { guid, pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listAlertsInput = z.strictObject({
  tenantId: guid.optional(),
  state: z.enum(["open", "resolved"]).optional(),
  ...pageInput,
});

/**
 * What the workspace has to know of: open alerts by urgency, then acknowledged, then resolved ones. Those about the
 * installation's own app only for who manages connections. Right: read.
 * @throws UseCaseError `invalid`.
 */
export async function listAlerts(
  ctx: Ctx,
  input: z.input<typeof listAlertsInput> = {},
): Promise<Page<AlertItem>> {
  requireRight(ctx, "read");
  const { cursor, limit, ...filters } = parseInput(listAlertsInput, input);
  const scope = { list: "alerts", sort: "urgency", filters };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const kinds = visibleAlertKinds(ctx);
    const rows = await listAlertRows(tx, {
      workspaceId,
      kinds,
      ...filters,
      after,
      limit: limit + 1,
    });
    const now = ctx.platform.now();
    const toItem = (row: (typeof rows)[number]) => toAlertItem(row, now);
    return toPage(ctx, { scope, reconciliations: [], rows, limit, toItem });
  });
}
