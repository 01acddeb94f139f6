import { z } from "zod";
import type { Tx } from "#db/client";
import { findConnection } from "#db/queries/connections";
import { listCredentialFacts } from "#db/queries/credentials";
import { listJoinsOfImports } from "#db/queries/import-joins";
import { listSnapshotSkus, publishedUsers } from "#db/queries/import-preview";
import { findImport, listRunsOfImports, type RunRow } from "#db/queries/imports";
import { countCarried, countUnknownUsers, listUnreadUsers } from "#db/queries/unread-users";
import { secondsSinceWorkerSeen } from "#db/queries/workers";
import type { ImportItem } from "#lib/domain/import-item";
import { productName } from "#lib/domain/product-name";
import { hasRight } from "#lib/domain/role";
import { requireRight } from "./actor.ts";
import { contextOf } from "./connection-view.ts";
import type { Ctx } from "./context.ts";
import { toImportItem } from "./import-view.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inSnapshot } from "./read-list.ts";

export const getImportInput = z.strictObject({ importId: guid });

/** SKUs shown before they are published; more than a tenant has. */
const previewLimit = 500;

/**
 * One import with its datasets and streams, the SKUs read so far and when a worker was last seen. Right: read.
 * @throws UseCaseError `not-found`.
 */
export async function getImport(
  ctx: Ctx,
  input: z.input<typeof getImportInput>,
): Promise<ImportItem> {
  requireRight(ctx, "read");
  const { importId } = parseInput(getImportInput, input);
  const { workspaceId } = ctx;
  return inSnapshot(ctx, async (tx) => {
    const found = await findImport(tx, { workspaceId, importId });
    if (found === undefined) throw notFound("import");
    const { connectionId } = found;
    const byImport = await listRunsOfImports(tx, { workspaceId, importIds: [importId] });
    const runs = byImport.get(importId) ?? [];
    const connection = await findConnection(tx, { workspaceId, connectionId });
    const joins = (await listJoinsOfImports(tx, { workspaceId, importIds: [importId] })).get(
      importId,
    );
    const facts = await listCredentialFacts(tx, { workspaceId, connectionIds: [connectionId] });
    const context = connection ? contextOf(connection, facts.get(connectionId) ?? null) : {};
    const parts = { runs, joins: joins ?? [] };
    return toImportItem(found, parts, context, {
      preview: await previewOf(tx, ctx, runs),
      unread: connection?.source === "microsoft-365" ? await unreadOf(tx, ctx, runs) : null,
      expectedUsers: await publishedUsers(tx, { workspaceId, connectionId }),
      workerSeenSecondsAgo: await secondsSinceWorkerSeen(tx),
    });
  });
}

/** Accounts that are named on the import's page; the rest is counted. */
const namedAccounts = 50;

async function unreadOf(tx: Tx, ctx: Ctx, runs: readonly RunRow[]): Promise<ImportItem["unread"]> {
  const directory = runs.find((run) => run.dataset === "directory");
  const snapshotId = directory?.snapshotId ?? null;
  if (snapshotId === null || directory?.finishedAt === null) return null;
  const place = { workspaceId: ctx.workspaceId, snapshotId };
  const carried = await countCarried(tx, place);
  const unknown = await countUnknownUsers(tx, place);
  if (carried === 0 && unknown === 0) return null;
  const named = hasRight(ctx.actor.role, "see-people") ? namedAccounts : 0;
  return { carried, unknown, accounts: await listUnreadUsers(tx, { ...place, limit: named }) };
}

async function previewOf(
  tx: Tx,
  ctx: Ctx,
  runs: readonly RunRow[],
): Promise<ImportItem["preview"]> {
  const snapshotId = runs.find((run) => run.dataset === "directory")?.snapshotId ?? null;
  if (snapshotId === null) return [];
  const { workspaceId } = ctx;
  const skus = await listSnapshotSkus(tx, { workspaceId, snapshotId, limit: previewLimit });
  return skus
    .map(({ skuId, partNumber, productName: tableName, enabled, consumedUnits }) => ({
      skuId,
      productName: productName({ skuId, partNumber, tableName }).name,
      enabled,
      consumedUnits,
    }))
    .sort((a, b) => a.productName.localeCompare(b.productName, "en"));
}
