import { z } from "zod";
import { listChangeRows } from "#db/queries/change-reads";
import { findChangeSet, listChangeCounts } from "#db/queries/change-sets";
import { findImport } from "#db/queries/imports";
import { changeKinds } from "#lib/domain/change";
import type { ChangeItem, ChangeSummary } from "#lib/domain/change-models";
import type { Page } from "#lib/domain/read-models";
import { maySeePeople, requireRight } from "./actor.ts";
import { toChangeItem, toChangeSummary } from "./change-view.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { guid, notFound, pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listImportChangesInput = z.strictObject({
  importId: guid,
  kind: z.enum(changeKinds).optional(),
  skuId: guid.optional(),
  ...pageInput,
});

/**
 * A page of an import's changes; `summary` counts all of them, null when its import changed no license. `comparing`: they
 * are still being found, and nothing is told before all are.
 */
export type ImportChanges = Page<ChangeItem> & {
  readonly summary: ChangeSummary | null;
  readonly comparing: boolean;
};

/**
 * What an import's directory changed when it was published: by kind, then by license. A first directory, and anything
 * about people for those who may not see them, comes as counts. Seats and units. Right: read.
 * @throws UseCaseError `invalid`, `not-found`.
 */
export async function listImportChanges(
  ctx: Ctx,
  input: z.input<typeof listImportChangesInput>,
): Promise<ImportChanges> {
  requireRight(ctx, "read");
  const { importId, kind, skuId, cursor, limit } = parseInput(listImportChangesInput, input);
  const { workspaceId } = ctx;
  const people = maySeePeople(ctx);
  const scope = {
    list: "import-changes",
    sort: "kind",
    filters: { importId, kind, skuId, people },
  };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
  return inWorkspace(ctx, async (tx) => {
    const found = await findImport(tx, { workspaceId, importId });
    if (found === undefined) throw notFound("import");
    const set = await findChangeSet(tx, { workspaceId, importId });
    if (set?.state !== "published") {
      const comparing = set?.state === "comparing";
      return { items: [], nextCursor: null, summary: null, comparing };
    }
    const rows = await listChangeRows(tx, {
      workspaceId,
      scope: { of: "set", setId: set.id, skuId },
      kind,
      people,
      after,
      limit: limit + 1,
    });
    const counts = await listChangeCounts(tx, { workspaceId, setId: set.id });
    return {
      ...toPage(ctx, {
        scope,
        reconciliations: [],
        rows: rows.map((row) => ({ ...row, change: row, after: row.position })),
        limit,
        toItem: ({ change }) => toChangeItem(change),
      }),
      summary: toChangeSummary(set, counts),
      comparing: false,
    };
  });
}
