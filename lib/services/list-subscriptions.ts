import { z } from "zod";
import { findLicense } from "#db/queries/licenses";
import { listSnapshotSubscriptions } from "#db/queries/subscriptions";
import type { SubscriptionItem } from "#lib/domain/license-item";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const listSubscriptionsInput = z.strictObject({ licenseId: guid });

/** More subscriptions of one SKU than any tenant has. */
const most = 500;

/**
 * The commercial subscriptions behind a license, next lifecycle date first, as of its reconciliation. Units in seats.
 * One page. Right: read.
 * @throws UseCaseError `not-found`.
 */
export async function listSubscriptions(
  ctx: Ctx,
  input: z.input<typeof listSubscriptionsInput>,
): Promise<Page<SubscriptionItem>> {
  requireRight(ctx, "read");
  const { licenseId } = parseInput(listSubscriptionsInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const found = await findLicense(tx, { workspaceId, licenseId });
    if (found === undefined) throw notFound("license");
    const { directorySnapshotId: snapshotId, item } = found;
    if (snapshotId === null || item.skuId === null) return { items: [], nextCursor: null };
    const { skuId } = item;
    const items = await listSnapshotSubscriptions(tx, {
      workspaceId,
      snapshotId,
      licenseId,
      skuId,
      limit: most,
    });
    return { items, nextCursor: null };
  });
}
