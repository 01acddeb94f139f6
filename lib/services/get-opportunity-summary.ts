import { z } from "zod";
import {
  listReclaimRows,
  type OpportunitySum,
  type ReclaimRow,
  sumOpportunities,
} from "#db/queries/opportunity-sums";
import { currentReconciliations } from "#db/queries/reconciliation-reads";
import { sumByCurrency } from "#lib/domain/money";
import { opportunityKinds } from "#lib/domain/opportunity";
import type { OpportunityGroup, OpportunitySummary } from "#lib/domain/opportunity-item";
import {
  exposure,
  reassignableNow,
  reducibleAtRenewal,
  reducibleUnits,
} from "#lib/domain/reclaim-money";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getOpportunitySummaryInput = z.strictObject({
  connectionId: guid.optional(),
  tenantId: guid.optional(),
  licenseId: guid.optional(),
});

/**
 * Opportunities by kind and three money figures that are never added together; confidence `low` is in none of them.
 * Seats; money per month and currency. Source: DESIGN §5 Money. Right: read.
 */
export async function getOpportunitySummary(
  ctx: Ctx,
  input: z.input<typeof getOpportunitySummaryInput>,
): Promise<OpportunitySummary> {
  requireRight(ctx, "read");
  const { connectionId, tenantId, licenseId } = parseInput(getOpportunitySummaryInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const scope = { workspaceId, connectionId, tenantId };
    const reconciliationIds = await currentReconciliations(tx, scope);
    const filter = { licenseId };
    const sums = await sumOpportunities(tx, { workspaceId, reconciliationIds, filter });
    const licenses = await listReclaimRows(tx, { workspaceId, reconciliationIds, licenseId });
    const atStake = exposure(licenses);
    return {
      groups: groupsOf(sums),
      exposure: atStake.amounts,
      reassignableNow: reassignableNow(licenses).amounts,
      reducibleAtRenewal: reducibleAtRenewal(
        licenses.map((row) => ({ price: row.price, reducible: reducibleUnits(row) })),
      ).amounts,
      unpricedUnits: atStake.unpricedUnits,
      leftOut: addUp(licenses),
    };
  });
}

const groupsOf = (sums: readonly OpportunitySum[]): readonly OpportunityGroup[] =>
  opportunityKinds.flatMap((kind) => {
    const ofKind = sums.filter((sum) => sum.kind === kind);
    if (ofKind.length === 0) return [];
    const total = (units: (sum: OpportunitySum) => number) =>
      ofKind.reduce((all, sum) => all + units(sum), 0);
    return [
      {
        kind,
        units: total((sum) => sum.units),
        lowConfidenceUnits: total((sum) => sum.lowConfidenceUnits),
        unpricedUnits: total((sum) => (sum.currency === null ? sum.units : 0)),
        exposure: sumByCurrency(ofKind.flatMap((sum) => (sum.exposure ? [sum.exposure] : []))),
      },
    ];
  });

const addUp = (licenses: readonly ReclaimRow[]): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {};
  for (const { leftOut } of licenses) {
    for (const [why, count] of Object.entries(leftOut)) sums[why] = (sums[why] ?? 0) + count;
  }
  return sums;
};
