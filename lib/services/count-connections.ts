import { z } from "zod";
import { countConnections as countRows } from "#db/queries/connections";
import type { ConnectionCounts } from "#lib/domain/connection-counts";
import { addUp } from "#lib/domain/connection-counts";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { parseInput } from "./input.ts";
import { connectionFilters } from "./list-connections.ts";
import { inWorkspace } from "./read-list.ts";

export const countConnectionsInput = z.strictObject(connectionFilters);

/** How many connections the filters of a list find, over all its pages, and per enterprise. Right: read. */
export async function countConnections(
  ctx: Ctx,
  input: z.input<typeof countConnectionsInput>,
): Promise<ConnectionCounts> {
  requireRight(ctx, "read");
  const filters = parseInput(countConnectionsInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => addUp(await countRows(tx, { workspaceId, ...filters })));
}
