import { z } from "zod";
import type { Tx } from "#db/client";
import { listAlertRows } from "#db/queries/alerts";
import { listConnectionRows } from "#db/queries/connections";
import {
  historyTrend,
  licenseTotals,
  nextDecision,
  trustFigures,
} from "#db/queries/license-totals";
import { currentReconciliations } from "#db/queries/reconciliation-reads";
import type { AlertItem } from "#lib/domain/alert-item";
import type { Overview } from "#lib/domain/overview";
import { addDays } from "#lib/domain/utc-day";
import { requireRight } from "./actor.ts";
import { toAlertItem, visibleAlertKinds } from "./alert-view.ts";
import { attentionOf } from "./attention.ts";
import { toConnectionItems } from "./connection-view.ts";
import type { Ctx } from "./context.ts";
import { guid, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getOverviewInput = z.strictObject({ tenantId: guid.optional() });

/** Tenants the first page shows; all of them are on the connections page. */
const mostTenants = 100;
const trendDays = 90;

/**
 * The first page's answers over Active licenses: totals, next decision, tenants, trend, what needs a person, and how far
 * our counts agree with Microsoft's. Seats; money per month and currency. Right: read.
 */
export async function getOverview(
  ctx: Ctx,
  input: z.input<typeof getOverviewInput> = {},
): Promise<Overview> {
  requireRight(ctx, "read");
  const { tenantId } = parseInput(getOverviewInput, input);
  const { workspaceId } = ctx;
  const now = ctx.platform.now();
  const today = now.toISOString().slice(0, 10);
  return inWorkspace(ctx, async (tx) => {
    const reconciliationIds = await currentReconciliations(tx, { workspaceId, tenantId });
    const scope = { workspaceId, reconciliationIds };
    const rows = await listConnectionRows(tx, {
      workspaceId,
      sort: "tenant",
      tenantId,
      after: null,
      limit: mostTenants,
    });
    const tenants = await toConnectionItems(tx, ctx, rows);
    return {
      totals: await licenseTotals(tx, scope),
      nextDecision: await nextDecision(tx, { ...scope, from: today }),
      tenants,
      trend: await historyTrend(tx, { ...scope, from: addDays(today, -trendDays) }),
      attention: attentionOf(tenants, now, await newestAlerts(tx, ctx, tenantId)),
      trust: await trustFigures(tx, scope),
    };
  });
}

/** More than fits the first page is on the page of the alerts. */
const mostAlerts = 100;

async function newestAlerts(
  tx: Tx,
  ctx: Ctx,
  tenantId: string | undefined,
): Promise<readonly AlertItem[]> {
  const rows = await listAlertRows(tx, {
    workspaceId: ctx.workspaceId,
    kinds: visibleAlertKinds(ctx),
    tenantId,
    state: "open",
    after: null,
    limit: mostAlerts,
  });
  const now = ctx.platform.now();
  return rows.map((row) => toAlertItem(row, now));
}
