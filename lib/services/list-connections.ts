import { z } from "zod";
import { connectionSorts } from "#db/queries/connection-sort";
import { listConnectionRows } from "#db/queries/connections";
import { connectionStatuses, sources } from "#lib/domain/connection";
import type { ConnectionItem } from "#lib/domain/connection-item";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import { enterpriseName } from "./connection-input.ts";
import { toConnectionItems } from "./connection-view.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { flagParameter, guid, pageInput, parseInput, searchText } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

/** What a list of connections may be narrowed to. */
export const connectionFilters = {
  tenantId: guid.optional(),
  search: searchText.optional(),
  status: z.enum(connectionStatuses).optional(),
  source: z.enum(sources).optional(),
  enterprise: enterpriseName.optional(),
  /** Disconnected ones too. */
  disconnected: flagParameter.optional(),
};

export const listConnectionsInput = z.strictObject({
  ...connectionFilters,
  sort: z.enum(connectionSorts).optional(),
  ...pageInput,
});

/**
 * Connections with their health: status, problem, credential's expiry, last and held import, and the figures of their
 * reconciliation (licenses, seats). By tenant name; `attention` puts first what needs a person, `enterprise` does so
 * within each enterprise. Right: read.
 * @throws UseCaseError `invalid`.
 */
export async function listConnections(
  ctx: Ctx,
  input: z.input<typeof listConnectionsInput>,
): Promise<Page<ConnectionItem>> {
  requireRight(ctx, "read");
  const { cursor, limit, sort = "tenant", ...filters } = parseInput(listConnectionsInput, input);
  const scope = { list: "connections", sort, filters };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
  return inWorkspace(ctx, async (tx) => {
    const { workspaceId } = ctx;
    const query = { workspaceId, ...filters, sort, after, limit: limit + 1 };
    const rows = await listConnectionRows(tx, query);
    const shown = rows.slice(0, limit);
    const items = await toConnectionItems(tx, ctx, shown);
    const toItem = (row: (typeof rows)[number]) => row;
    const { nextCursor } = toPage(ctx, { scope, reconciliations: [], rows, limit, toItem });
    return { items, nextCursor };
  });
}
