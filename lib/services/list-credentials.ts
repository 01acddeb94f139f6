import { databaseNow } from "#db/queries/clock";
import {
  countAppConnections,
  listAppCredentials,
  listConnectionCredentials,
} from "#db/queries/credential-health";
import { listOrganisationConnections } from "#db/queries/saas-connections";
import { listSaasCredentialFacts } from "#db/queries/saas-credentials";
import { listOrganisationRows } from "#db/queries/saas-organisations";
import { listWatchedTokens } from "#db/queries/upload-tokens";
import { byUrgency, expiryStage } from "#lib/domain/credential-expiry";
import type { CredentialItem } from "#lib/domain/credential-item";
import { hasRight } from "#lib/domain/role";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { inWorkspace } from "./read-list.ts";
import { iso } from "./told.ts";

/**
 * Every credential the workspace's connections rest on, the nearest to its end first: those of its own app
 * registrations and of its SaaS Management organisations; for who manages connections also the installation's app in each
 * cloud it is used in, and the tokens collectors upload with. An end that is not known is null. Right: read.
 */
export async function listCredentials(ctx: Ctx): Promise<readonly CredentialItem[]> {
  requireRight(ctx, "read");
  const { workspaceId, actor } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const now = await databaseNow(tx);
    const stageOf = (expiresAt: Date | null) =>
      expiresAt === null ? null : expiryStage(expiresAt, now);
    const own = await listConnectionCredentials(tx, workspaceId);
    const manages = hasRight(actor.role, "manage-connections");
    const used = manages ? await countAppConnections(tx, workspaceId) : new Map<string, number>();
    const tokens = manages ? await listWatchedTokens(tx, workspaceId) : [];
    const apps = (await listAppCredentials(tx)).filter(({ cloud }) => used.has(cloud));
    const organisations = await listOrganisationRows(tx, workspaceId);
    const shared = await listSaasCredentialFacts(tx, workspaceId);
    const readers = await listOrganisationConnections(tx, { workspaceId, organisationId: null });
    const items: readonly CredentialItem[] = [
      ...organisations.flatMap(({ id, name, verifiedAt }) => {
        const credential = shared.get(id);
        if (credential === undefined) return [];
        const connections = readers.filter(({ organisationId }) => organisationId === id).length;
        return {
          id,
          holder: { kind: "organisation", name, connections } as const,
          credential: credential.kind,
          state: credential.state,
          expiresAt: iso(credential.expiresAt),
          stage: stageOf(credential.expiresAt),
          verifiedAt: iso(verifiedAt),
        };
      }),
      ...own.map((row) => ({
        id: row.connectionId,
        holder: { kind: "connection", name: row.name, status: row.status } as const,
        credential: row.kind,
        state: row.state,
        expiresAt: iso(row.expiresAt),
        stage: row.refusedAsExpired ? ("expired" as const) : stageOf(row.expiresAt),
        verifiedAt: iso(row.verifiedAt),
      })),
      ...apps.map((app) => ({
        id: app.cloud,
        holder: {
          kind: "installation",
          cloud: app.cloud,
          connections: used.get(app.cloud) ?? 0,
        } as const,
        credential: app.kind,
        state: "active" as const,
        expiresAt: iso(app.expiresAt),
        stage: stageOf(app.expiresAt),
        verifiedAt: null,
      })),
      ...tokens.map(({ id, name, connectionId, tenant, expiresAt, lastUsedAt }) => ({
        id,
        holder: {
          kind: "collector",
          name,
          connectionId,
          tenant,
          lastUsedAt: iso(lastUsedAt),
        } as const,
        credential: "upload-token" as const,
        state: "active" as const,
        expiresAt: expiresAt.toISOString(),
        stage: stageOf(expiresAt),
        verifiedAt: null,
      })),
    ];
    return items.toSorted(byUrgency);
  });
}
