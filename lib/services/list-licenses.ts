import { z } from "zod";
import { licenseTotals } from "#db/queries/license-totals";
import { licenseSorts, listLicenseRows } from "#db/queries/licenses";
import type { FigurePage } from "#lib/domain/figure-page";
import { compliances, flags } from "#lib/domain/license";
import type { LicenseItem } from "#lib/domain/license-item";
import type { LicenseTotals } from "#lib/domain/overview";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, pageInput, parseInput, searchText, sortInput, splitSort } from "./input.ts";
import { inWorkspace, lookAgain, startList, toPage } from "./read-list.ts";

export const listLicensesInput = z.strictObject({
  connectionId: guid.optional(),
  tenantId: guid.optional(),
  compliance: z.enum(compliances).optional(),
  flag: z.enum(flags).optional(),
  status: z.enum(["active", "retired"]).optional(),
  search: searchText.optional(),
  sort: sortInput(licenseSorts),
  ...pageInput,
});

/**
 * Licenses with their position in their connection's reconciliation, and totals over all that the filters leave.
 * Default order: what needs attention first. Seats; money per month. Right: read.
 * @throws UseCaseError `invalid`, `not-found` (connection), `newer-data` (the cursor's numbers are gone).
 */
export async function listLicenses(
  ctx: Ctx,
  input: z.input<typeof listLicensesInput>,
): Promise<FigurePage<LicenseItem> & { readonly totals: LicenseTotals }> {
  requireRight(ctx, "read");
  const query = parseInput(listLicensesInput, input);
  const { connectionId, tenantId, compliance, flag, status, search, limit } = query;
  const sort = query.sort ?? "attention";
  const { name, descending } = splitSort(sort);
  const filter = { compliance, flag, status, search };
  const scope = { list: "licenses", sort, filters: { ...filter, connectionId, tenantId } };
  return inWorkspace(ctx, async (tx) => {
    const { cursor } = query;
    const start = await startList(tx, ctx, { scope, cursor, connectionId, tenantId });
    const { workspaceId } = ctx;
    const reconciliationIds = start.reconciliations;
    const rows = await listLicenseRows(tx, {
      workspaceId,
      reconciliationIds,
      filter,
      sort: name,
      descending,
      after: start.after,
      limit: limit + 1,
    });
    const totals = await licenseTotals(tx, { workspaceId, reconciliationIds, filter });
    const newerData = await lookAgain(tx, ctx, start);
    const toItem = (row: (typeof rows)[number]) => row.item;
    return {
      ...toPage(ctx, { scope, reconciliations: reconciliationIds, rows, limit, toItem }),
      newerData,
      totals,
    };
  });
}
