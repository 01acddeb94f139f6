import { z } from "zod";
import type { Tx } from "#db/client";
import { type ConnectionChange, changeConnection } from "#db/queries/connection-changes";
import {
  type ConnectionKey,
  findConnectionOfTenant,
  findEnterprise,
  type LockedConnection,
  lockConnection,
} from "#db/queries/connections";
import { eraseCredentials, findCandidate } from "#db/queries/credentials";
import { endOpenVerifications } from "#db/queries/verification-requests";
import { methods } from "#lib/domain/connection";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import { cloudInput, connectionName, enterpriseName, tenantHint } from "./connection-input.ts";
import type { Ctx } from "./context.ts";
import { alreadyConnected } from "./create-connection.ts";
import { hintedTenant, requireTenantId } from "./create-draft.ts";
import { checkCandidate } from "./credential.ts";
import { UseCaseError } from "./errors.ts";
import { type ConnectionDetail, readConnection } from "./get-connection.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const updateConnectionInput = z.strictObject({
  connectionId: guid,
  name: connectionName.optional(),
  /** Groups the list; null takes the label away. */
  enterprise: enterpriseName.nullable().optional(),
  /** The rest only while the connection is being made. */
  method: z.enum(methods).optional(),
  cloud: cloudInput.optional(),
  tenantHint: tenantHint.nullable().optional(),
  clientId: guid.optional(),
});

type Update = z.output<typeof updateConnectionInput>;

/**
 * Renames a connection, labels its enterprise, or changes the answers of one that is being made: consent starts anew, a registered app's
 * candidate credential is checked anew. Right: manage-connections.
 * @throws UseCaseError `invalid`, `not-found`; `conflict` for a connection that is made already, is disconnected, or
 * whose tenant this workspace already has.
 */
export async function updateConnection(
  ctx: Ctx,
  input: z.input<typeof updateConnectionInput>,
): Promise<ConnectionDetail> {
  requireRight(ctx, "manage-connections");
  const { connectionId, ...update } = parseInput(updateConnectionInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    const change = changeOf(connection, {
      ...update,
      enterprise: await spelling(tx, ctx, update.enterprise),
    });
    await requireFreeTenant(tx, ctx, connection, change);
    await changeConnection(tx, key, change);
    if (change.status !== undefined) await startAnew(tx, ctx, key, connection, change);
    await auditChange(tx, ctx, {
      action: "connection.changed",
      target: { kind: "connection", id: connectionId },
      details: { fields: Object.keys(update) },
    });
    return readConnection(tx, ctx, connectionId);
  });
}

/** An enterprise that is there in another case keeps its spelling: one group, not two. */
async function spelling(
  tx: Tx,
  { workspaceId }: Ctx,
  enterprise: string | null | undefined,
): Promise<string | null | undefined> {
  if (enterprise === null || enterprise === undefined) return enterprise;
  return (await findEnterprise(tx, { workspaceId, enterprise })) ?? enterprise;
}

function changeOf(
  connection: LockedConnection,
  { name, enterprise, ...draft }: Omit<Update, "connectionId">,
): ConnectionChange {
  if (connection.status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
  if (Object.values(draft).every((value) => value === undefined)) {
    return { name, enterprise };
  }
  if (connection.source === "office-365-deprecated") {
    throw new UseCaseError(
      "conflict",
      "Only name and enterprise of a connection that takes packages can be changed. Disconnect it to begin anew.",
    );
  }
  if (!isBeingMade(connection)) {
    throw new UseCaseError(
      "conflict",
      "Only name and enterprise of a finished connection can be changed. Disconnect it to connect the tenant differently.",
    );
  }
  const method = draft.method ?? connection.method;
  const hint = draft.tenantHint === undefined ? connection.tenantHint : draft.tenantHint;
  requireTenantId(method, hint);
  return {
    name,
    enterprise,
    ...draft,
    tenantId: method === "registered-app" ? hintedTenant(hint) : null,
    consentedAt: null,
    status: "draft",
  };
}

/** An administrator's consent binds its answers; a registered app's stay open until its credential has worked once. */
const isBeingMade = ({ status, method, provenAt }: LockedConnection): boolean =>
  status === "draft" ||
  status === "awaiting-consent" ||
  (method === "registered-app" && provenAt === null);

/** A candidate belongs to the app, so it outlives a corrected tenant or cloud; another method has no use for it. */
async function startAnew(
  tx: Tx,
  ctx: Ctx,
  key: ConnectionKey,
  connection: LockedConnection,
  change: ConnectionChange,
): Promise<void> {
  if (connection.method !== "registered-app") return;
  const candidate = await findCandidate(tx, key);
  if (candidate === undefined) return;
  if ((change.method ?? connection.method) !== "registered-app") {
    await endOpenVerifications(tx, key, { class: "system", code: "check-replaced" });
    await eraseCredentials(tx, key);
    return;
  }
  if (change.tenantId == null) return;
  await changeConnection(tx, key, { status: "verifying", problem: null });
  await checkCandidate(tx, ctx, key, candidate);
}

async function requireFreeTenant(
  tx: Tx,
  ctx: Ctx,
  connection: LockedConnection,
  change: ConnectionChange,
): Promise<void> {
  const tenantId = change.tenantId ?? hintedTenant(change.tenantHint);
  if (tenantId === null) return;
  const { source } = connection;
  const existing = await findConnectionOfTenant(tx, {
    workspaceId: ctx.workspaceId,
    tenantId,
    source,
  });
  if (existing === undefined || existing === connection.id) return;
  throw await alreadyConnected(tx, ctx, tenantId, source);
}
