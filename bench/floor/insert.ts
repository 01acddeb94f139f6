import { sql } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { insertAccounts, insertSeats } from "../../db/queries/import-store-users.ts";
import type { UserRow } from "../../lib/import/ports.ts";

interface Place {
  readonly workspaceId: string;
  readonly snapshotId: number;
}

/** Numbers of the tenant's SKUs, as the product keeps them; asked for once. */
export async function readSkuNumbers(
  tx: Tx,
  workspaceId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.execute<{ sku_id: string; no: number }>(
    sql`select sku_id, no from sku_numbers where workspace_id = ${workspaceId}`,
  );
  return new Map(rows.map((row) => [row.sku_id, row.no]));
}

/**
 * A page of users by the product's own statements, and nothing else: no fence, no checkpoint, no look for accounts that
 * come twice, no content hash and no sums.
 */
export async function insertPlainUsers(
  tx: Tx,
  place: Place,
  skuNumbers: ReadonlyMap<string, number>,
  page: { readonly rows: readonly UserRow[]; readonly pageNo: number; readonly before: number },
): Promise<void> {
  const accounts = page.rows.map(({ assignments: _, ...user }, index) => ({
    ...user,
    at: index + 1,
  }));
  const noted = { signIns: null, usage: null };
  await insertAccounts(tx, place, JSON.stringify(accounts), { ...page, noted });
  const seats = page.rows.flatMap((user, index) =>
    user.assignments.map(({ skuId, ...assignment }) => ({
      ...assignment,
      skuNo: skuNumbers.get(skuId),
      at: index + 1,
    })),
  );
  await insertSeats(tx, place, JSON.stringify(seats), page);
}
