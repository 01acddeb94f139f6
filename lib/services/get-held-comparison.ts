import { z } from "zod";
import { listHeldLicenses } from "#db/queries/change-held";
import { listChangeRows } from "#db/queries/change-reads";
import { findChangeSet, listChangeCounts } from "#db/queries/change-sets";
import { findImport } from "#db/queries/imports";
import type { HeldComparison } from "#lib/domain/change-models";
import { maySeePeople, requireRight } from "./actor.ts";
import { toChangeItem, toChangeSummary } from "./change-view.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getHeldComparisonInput = z.strictObject({ importId: guid });

/** More rows than a sample of 60 people has. */
const sampleRows = 500;

/**
 * What publishing an import's held directory would change: per license, per department, and the rows of a sample of
 * people (counts for those who may not see people). Null when no directory of the import is held. Right: read.
 * @throws UseCaseError `not-found`.
 */
export async function getHeldComparison(
  ctx: Ctx,
  input: z.input<typeof getHeldComparisonInput>,
): Promise<HeldComparison | null> {
  requireRight(ctx, "read");
  const { importId } = parseInput(getHeldComparisonInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const found = await findImport(tx, { workspaceId, importId });
    if (found === undefined) throw notFound("import");
    const set = await findChangeSet(tx, { workspaceId, importId });
    if (set?.state !== "proposed") return null;
    const { id: setId } = set;
    const rows = maySeePeople(ctx)
      ? await listChangeRows(tx, {
          workspaceId,
          scope: { of: "set", setId },
          people: true,
          after: null,
          limit: sampleRows,
        })
      : [];
    return {
      summary: toChangeSummary(set, await listChangeCounts(tx, { workspaceId, setId })),
      licenses: await listHeldLicenses(tx, { workspaceId, setId }),
      departments: set.departments,
      sample: rows.filter((row) => row.userId !== null).map(toChangeItem),
    };
  });
}
