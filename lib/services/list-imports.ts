import { z } from "zod";
import { findConnection } from "#db/queries/connections";
import { listJoinsOfImports } from "#db/queries/import-joins";
import { listImportRows, listRunsOfImports } from "#db/queries/imports";
import type { ImportItem } from "#lib/domain/import-item";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { toImportItem } from "./import-view.ts";
import { guid, notFound, pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listImportsInput = z.strictObject({ connectionId: guid.optional(), ...pageInput });

/**
 * Imports, newest first, with datasets and streams (the preview is `getImport`'s alone). Right: read.
 * @throws UseCaseError `invalid`, `not-found` (connection).
 */
export async function listImports(
  ctx: Ctx,
  input: z.input<typeof listImportsInput>,
): Promise<Page<ImportItem>> {
  requireRight(ctx, "read");
  const { connectionId, cursor, limit } = parseInput(listImportsInput, input);
  const { workspaceId } = ctx;
  const scope = { list: "imports", sort: "-created", filters: { connectionId } };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
  return inWorkspace(ctx, async (tx) => {
    if (connectionId !== undefined) {
      const found = await findConnection(tx, { workspaceId, connectionId });
      if (found === undefined) throw notFound("connection");
    }
    const rows = await listImportRows(tx, { workspaceId, connectionId, after, limit: limit + 1 });
    const importIds = rows.map((row) => row.id);
    const runs = await listRunsOfImports(tx, { workspaceId, importIds });
    const joins = await listJoinsOfImports(tx, { workspaceId, importIds });
    return toPage(ctx, {
      scope,
      reconciliations: [],
      rows,
      limit,
      toItem: (row) =>
        toImportItem(
          row,
          { runs: runs.get(row.id) ?? [], joins: joins.get(row.id) ?? [] },
          {},
          {
            preview: [],
            unread: null,
            expectedUsers: null,
            workerSeenSecondsAgo: null,
          },
        ),
    });
  });
}
