import { z } from "zod";
import { listChangeRows } from "#db/queries/change-reads";
import { isComparing } from "#db/queries/change-sets";
import { findLicense } from "#db/queries/licenses";
import { changeKinds } from "#lib/domain/change";
import type { ChangeItem } from "#lib/domain/change-models";
import type { Page } from "#lib/domain/read-models";
import { maySeePeople, requireRight } from "./actor.ts";
import { toChangeItem } from "./change-view.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { guid, notFound, pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listLicenseChangesInput = z.strictObject({
  licenseId: guid,
  kind: z.enum(changeKinds).optional(),
  ...pageInput,
});

/** A page of a license's changes. `comparing`: those of the newest import are still being found, and are not in it. */
export type LicenseChanges = Page<ChangeItem> & { readonly comparing: boolean };

/**
 * What the imports of the last 400 days changed in a license, the newest first. Anything about people comes as counts
 * for those who may not see them. Seats and units. Right: read.
 * @throws UseCaseError `invalid`, `not-found`.
 */
export async function listLicenseChanges(
  ctx: Ctx,
  input: z.input<typeof listLicenseChangesInput>,
): Promise<LicenseChanges> {
  requireRight(ctx, "read");
  const { licenseId, kind, cursor, limit } = parseInput(listLicenseChangesInput, input);
  const { workspaceId } = ctx;
  const people = maySeePeople(ctx);
  const scope = { list: "license-changes", sort: "-at", filters: { licenseId, kind, people } };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
  return inWorkspace(ctx, async (tx) => {
    const license = await findLicense(tx, { workspaceId, licenseId });
    if (license === undefined) throw notFound("license");
    const { skuNo } = license;
    const { skuId, source, tenantId } = license.item;
    const rows = await listChangeRows(tx, {
      workspaceId,
      scope: { of: "license", skuId, skuNo, source, tenantId },
      kind,
      people,
      after,
      limit: limit + 1,
    });
    const page = toPage(ctx, {
      scope,
      reconciliations: [],
      rows: rows.map((row) => ({ ...row, change: row, after: row.position })),
      limit,
      toItem: ({ change }) => toChangeItem(change),
    });
    return { ...page, comparing: await isComparing(tx, { workspaceId, source, tenantId }) };
  });
}
