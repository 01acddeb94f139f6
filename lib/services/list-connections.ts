import { z } from "zod";
import { listConnectionRows } from "#db/queries/connections";
import type { ConnectionItem, Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import { toConnectionItems } from "./connection-view.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { flagParameter, guid, pageInput, parseInput, searchText } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listConnectionsInput = z.strictObject({
  tenantId: guid.optional(),
  search: searchText.optional(),
  /** Disconnected ones too. */
  disconnected: flagParameter.optional(),
  ...pageInput,
});

/**
 * Connections by tenant name with their health: status, problem, credential's expiry, last and held import, and the
 * figures of their reconciliation (licenses, seats). Right: read.
 * @throws UseCaseError `invalid`.
 */
export async function listConnections(
  ctx: Ctx,
  input: z.input<typeof listConnectionsInput>,
): Promise<Page<ConnectionItem>> {
  requireRight(ctx, "read");
  const { cursor, limit, ...filters } = parseInput(listConnectionsInput, input);
  const scope = { list: "connections", sort: "tenant", filters };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
  return inWorkspace(ctx, async (tx) => {
    const { workspaceId } = ctx;
    const rows = await listConnectionRows(tx, { workspaceId, ...filters, after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const items = await toConnectionItems(tx, ctx, shown);
    const toItem = (row: (typeof rows)[number]) => row;
    const { nextCursor } = toPage(ctx, { scope, reconciliations: [], rows, limit, toItem });
    return { items, nextCursor };
  });
}
