import type { ConnectionItem } from "#lib/domain/connection-item";
import type { ImportItem } from "#lib/domain/import-item";
import type { LicenseItem } from "#lib/domain/license-item";
import type { Ctx } from "#lib/services/context";
import { listLicenses } from "#lib/services/list-licenses";

/** Assigned seats of a connection's licenses by both counts. Seats; `unknown` counts licenses in neither sum. */
export interface SeatCounts {
  readonly consumed: number;
  readonly reported: number;
  readonly unknown: number;
}

/**
 * The two counts side by side, over Active licenses that are assigned to people. Null unless this import's directory is
 * the one every page shows now, and for SaaS Management, which has no count of Microsoft's.
 */
export async function seatProof(
  ctx: Ctx,
  item: ImportItem,
  connection: ConnectionItem,
): Promise<SeatCounts | null> {
  const directory = item.datasets.find(({ name }) => name === "directory");
  if (connection.source === "saas-management") return null;
  if (directory?.publishedAt == null || connection.lastImport?.id !== item.id) return null;
  const licenses = await allLicenses(ctx, connection.id);
  const comparable = licenses.filter(({ type }) => type === "named-user");
  const counts = { consumed: 0, reported: 0, unknown: 0 };
  for (const { consumed, reported } of comparable) {
    if (consumed === null || reported === null) counts.unknown += 1;
    else {
      counts.consumed += consumed;
      counts.reported += reported;
    }
  }
  return counts;
}

async function allLicenses(ctx: Ctx, connectionId: string): Promise<readonly LicenseItem[]> {
  const all: LicenseItem[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listLicenses>> = await listLicenses(ctx, {
      connectionId,
      status: "active",
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}
