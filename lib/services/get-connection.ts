import { z } from "zod";
import type { Tx } from "#db/client";
import {
  type ConnectionKey,
  type ConnectionRow,
  findConnection,
  listConnectionsOfTenant,
} from "#db/queries/connections";
import { listCredentialFacts } from "#db/queries/credentials";
import { findApplicationOf } from "#db/queries/saas-connections";
import { findTakenOverMappings } from "#db/queries/sku-mappings";
import { listVerificationRows } from "#db/queries/verification-reads";
import type { ConnectFacts } from "#lib/domain/connect-step";
import type { ConnectionItem } from "#lib/domain/connection-item";
import type { SaasRegion } from "#lib/domain/saas-organisation";
import type { TakenOverMappings } from "#lib/domain/sku-mapping";
import { requireRight } from "./actor.ts";
import { toConnectionItems } from "./connection-view.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inSnapshot } from "./read-list.ts";
import { iso } from "./told.ts";

export const getConnectionInput = z.strictObject({ connectionId: guid });

/** An application of an organisation of SaaS Management. */
export interface ConnectedApplication {
  readonly organisationId: string;
  readonly organisationName: string;
  readonly region: SaasRegion;
  /** The organisation's number. */
  readonly orgId: string;
  readonly managedAppId: string;
  /** As the organisation listed it when last verified; null = not listed then, or without a name. */
  readonly name: string | null;
  /** What people mapped for the connection that read it before; null = nothing, or all was decided anew. */
  readonly takenOver: TakenOverMappings | null;
}

/** A connection and the facts the wizard derives its step from. Instants ISO UTC. */
export interface ConnectionDetail extends ConnectionItem {
  /** GUID or domain typed in the wizard; a hint until proven. */
  readonly tenantHint: string | null;
  readonly consentedAt: string | null;
  readonly provenAt: string | null;
  readonly verifiedAt: string | null;
  /** Optional permissions the administrator did not grant when last verified. */
  readonly declinedPermissions: readonly string[];
  /**
   * Other connections of this workspace for the same tenant and source, the newest first: earlier ones that were
   * disconnected, or the one that took this one's place (`disconnectedAt` null).
   */
  readonly sameTenant: readonly {
    readonly id: string;
    readonly name: string;
    readonly disconnectedAt: string | null;
  }[];
  /** What the consent in force was asked for; null for other methods. */
  readonly askedPermissions: readonly string[] | null;
  /** What it reads at SaaS Management; null for another source. */
  readonly application: ConnectedApplication | null;
  /** What the wizard's step is derived from (lib/domain/connect-step). */
  readonly connectFacts: ConnectFacts;
}

/** @throws UseCaseError `not-found`. Right: read. */
export async function getConnection(
  ctx: Ctx,
  input: z.input<typeof getConnectionInput>,
): Promise<ConnectionDetail> {
  requireRight(ctx, "read");
  const { connectionId } = parseInput(getConnectionInput, input);
  return inSnapshot(ctx, (tx) => readConnection(tx, ctx, connectionId));
}

/** The connection as it stands inside a change's transaction. @throws UseCaseError `not-found`. */
export async function readConnection(
  tx: Tx,
  ctx: Ctx,
  connectionId: string,
): Promise<ConnectionDetail> {
  const row = await findConnection(tx, { workspaceId: ctx.workspaceId, connectionId });
  const [item] = row === undefined ? [] : await toConnectionItems(tx, ctx, [row]);
  if (row === undefined || item === undefined) throw notFound("connection");
  return {
    ...item,
    tenantHint: row.tenantHint,
    consentedAt: iso(row.consentedAt),
    provenAt: iso(row.provenAt),
    verifiedAt: iso(row.verifiedAt),
    declinedPermissions: row.declinedPermissions,
    sameTenant: await sameTenantOf(tx, row, ctx.workspaceId),
    askedPermissions: row.askedPermissions,
    application: await applicationOf(tx, { workspaceId: ctx.workspaceId, connectionId }),
    connectFacts: await connectFactsOf(tx, row, item, ctx.workspaceId),
  };
}

async function applicationOf(tx: Tx, key: ConnectionKey): Promise<ConnectedApplication | null> {
  const found = await findApplicationOf(tx, key);
  if (found === undefined) return null;
  const { applications, ...application } = found;
  const listed = applications.find(({ id }) => id === found.managedAppId);
  const takenOver = await findTakenOverMappings(tx, key);
  return { ...application, name: listed?.name ?? null, takenOver };
}

async function sameTenantOf(
  tx: Tx,
  { id, tenantId, source }: ConnectionRow,
  workspaceId: string,
): Promise<ConnectionDetail["sameTenant"]> {
  if (tenantId === null) return [];
  const others = await listConnectionsOfTenant(tx, { workspaceId, tenantId, source, butFor: id });
  return others.map((other) => ({ ...other, disconnectedAt: iso(other.disconnectedAt) }));
}

async function connectFactsOf(
  tx: Tx,
  row: ConnectionRow,
  item: ConnectionItem,
  workspaceId: string,
): Promise<ConnectFacts> {
  const connectionIds = [row.id];
  const credentials = await listCredentialFacts(tx, { workspaceId, connectionIds });
  const [check] = await listVerificationRows(tx, {
    workspaceId,
    connectionId: row.id,
    kinds: ["credential", "check"],
    after: null,
    limit: 1,
  });
  return {
    source: row.source,
    method: row.method,
    status: row.status,
    name: row.name,
    tenantId: row.tenantId,
    consentedAt: iso(row.consentedAt),
    provenAt: iso(row.provenAt),
    credential: credentials.get(row.id)?.state ?? "none",
    verification: check?.state ?? "none",
    firstImport:
      row.reconciliationId !== null ? "published" : item.lastImport === null ? "none" : "open",
  };
}
