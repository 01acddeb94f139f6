import type { ChangeRow } from "#db/queries/change-reads";
import type { ChangeCountRow, ChangeSet } from "#db/queries/change-sets";
import type { ChangeItem, ChangeSummary } from "#lib/domain/change-models";

/** A change as readers get it. Rows of people come only from queries made for those who may see them. */
export const toChangeItem = (row: ChangeRow): ChangeItem => ({
  id: [row.position.key, ...(row.userId === null ? [] : [row.userId])].join("."),
  kind: row.kind,
  at: row.at,
  importId: row.importId,
  licenseId: row.licenseId,
  skuId: row.skuId,
  productName: row.productName,
  person:
    row.userId === null
      ? null
      : {
          userId: row.userId,
          displayName: row.displayName,
          userPrincipalName: row.userPrincipalName,
        },
  count: row.count,
  before: row.before,
  after: row.after,
});

export const toChangeSummary = (
  set: ChangeSet,
  counts: readonly ChangeCountRow[],
): ChangeSummary => ({
  first: set.first,
  previousAsOf: set.previousAsOf,
  asOf: set.asOf,
  counts,
});
