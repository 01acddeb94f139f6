import { z } from "zod";
import {
  listOpportunityRows,
  type OpportunityRow,
  opportunitySorts,
} from "#db/queries/opportunities";
import type { FigurePage } from "#lib/domain/figure-page";
import { cautions, confidences, opportunityKinds } from "#lib/domain/opportunity";
import type { OpportunityItem } from "#lib/domain/opportunity-item";
import { opportunityText } from "#lib/domain/opportunity-text";
import { maySeePeople, requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, pageInput, parseInput, sortInput, splitSort } from "./input.ts";
import { inWorkspace, lookAgain, startList, toPage } from "./read-list.ts";

export const listOpportunitiesInput = z.strictObject({
  connectionId: guid.optional(),
  tenantId: guid.optional(),
  licenseId: guid.optional(),
  kind: z.enum(opportunityKinds).optional(),
  confidence: z.enum(confidences).optional(),
  sort: sortInput(opportunitySorts),
  ...pageInput,
});

/**
 * Reclaimable assignments and blocks of unassigned units, the dearest first. Without the right to see people no person
 * is named. Seats; price per seat and month. Right: read.
 * @throws UseCaseError `invalid`, `not-found` (connection), `newer-data` (the cursor's numbers are gone).
 */
export async function listOpportunities(
  ctx: Ctx,
  input: z.input<typeof listOpportunitiesInput>,
): Promise<FigurePage<OpportunityItem>> {
  requireRight(ctx, "read");
  const query = parseInput(listOpportunitiesInput, input);
  const { connectionId, tenantId, licenseId, kind, confidence, cursor, limit } = query;
  const sort = query.sort ?? "-value";
  const { name, descending } = splitSort(sort);
  const filter = { licenseId, kind, confidence };
  const scope = { list: "opportunities", sort, filters: { ...filter, connectionId, tenantId } };
  const people = maySeePeople(ctx);
  return inWorkspace(ctx, async (tx) => {
    const start = await startList(tx, ctx, { scope, cursor, connectionId, tenantId });
    const { reconciliations, after } = start;
    const rows = await listOpportunityRows(tx, {
      workspaceId: ctx.workspaceId,
      reconciliationIds: reconciliations,
      filter,
      sort: name,
      descending,
      after,
      limit: limit + 1,
    });
    const toItem = (row: OpportunityRow) => toOpportunityItem(row, people);
    const newerData = await lookAgain(tx, ctx, start);
    return { ...toPage(ctx, { scope, reconciliations, rows, limit, toItem }), newerData };
  });
}

const toOpportunityItem = (row: OpportunityRow, people: boolean): OpportunityItem => ({
  id: `${row.licenseId}.${row.userNo}`,
  connectionId: row.connectionId,
  tenantName: row.tenantName,
  licenseId: row.licenseId,
  productName: row.productName,
  skuId: row.skuId,
  kind: row.kind,
  userId: people ? row.userId : null,
  userPrincipalName: people ? row.userPrincipalName : null,
  displayName: people ? row.displayName : null,
  department: people ? row.department : null,
  reason: opportunityText({
    kind: row.kind,
    since: row.since,
    caution: cautions.find((caution) => caution === row.caution) ?? null,
    basis: basisOf(row),
    units: row.units,
    evaluatedOn: row.evaluatedOn,
  }),
  since: row.since,
  confidence: row.confidence,
  origin: row.origin,
  units: row.units,
  monthlyPrice: row.monthlyPrice,
});

const basisOf = (row: OpportunityRow) =>
  row.signInsUnavailable !== null && row.usageUnavailable !== null
    ? null
    : { signIns: row.signInsUnavailable === null, usage: row.usageUnavailable === null };
