import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Tx } from "#db/client";
import { insertConnection } from "#db/queries/connection-changes";
import { findConnectionOfTenant } from "#db/queries/connections";
import type { ConnectionStatus, Source } from "#lib/domain/connection";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import { cloudInput, connectionName, registeredApp } from "./connection-input.ts";
import type { Ctx } from "./context.ts";
import { checkCredential, saveCandidate } from "./credential.ts";
import { UseCaseError } from "./errors.ts";
import { parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const createConnectionInput = z.strictObject({
  name: connectionName,
  source: z.literal("microsoft-365", "Only microsoft-365 can be connected so far."),
  method: z.literal(
    "registered-app",
    "Only registered-app can be connected here; multi-tenant-app needs an administrator's consent in a browser.",
  ),
  cloud: cloudInput.default("global"),
  ...registeredApp,
});

/** What the caller follows: the connection, and the check of its credential. */
export interface CreatedConnection {
  readonly id: string;
  readonly status: ConnectionStatus;
  readonly verificationId: string;
}

/**
 * Connects a tenant by a registered app: the sealed candidate credential is verified by the worker before it is used.
 * The claim on the tenant is taken then and not here (DESIGN §7 step 2). Rights: manage-connections and
 * manage-credentials.
 * @throws UseCaseError `invalid` per field; `conflict` with the id of the connection this workspace already has.
 */
export async function createConnection(
  ctx: Ctx,
  input: z.input<typeof createConnectionInput>,
): Promise<CreatedConnection> {
  requireRight(ctx, "manage-connections");
  requireRight(ctx, "manage-credentials");
  const { credential, ...request } = parseInput(createConnectionInput, input);
  const plain = checkCredential(credential, ctx.platform.now());
  const { workspaceId } = ctx;
  const id = randomUUID();
  return inWorkspace(ctx, async (tx) => {
    const inserted = await insertConnection(tx, {
      ...request,
      workspaceId,
      id,
      tenantHint: request.tenantId,
      status: "verifying",
      createdBy: ctx.actor.name,
    });
    if (!inserted) throw await alreadyConnected(tx, ctx, request.tenantId, request.source);
    const { verificationId } = await saveCandidate(tx, ctx, id, plain);
    const { source, method, cloud, tenantId, clientId } = request;
    await auditChange(tx, ctx, {
      action: "connection.created",
      target: { kind: "connection", id },
      details: { source, method, cloud, tenantId, clientId, credential: plain.kind },
    });
    return { id, status: "verifying", verificationId };
  });
}

/** The refusal of a second connection for a (tenant, source), naming the first. */
export async function alreadyConnected(
  tx: Tx,
  ctx: Ctx,
  tenantId: string,
  source: Source,
): Promise<UseCaseError> {
  const { workspaceId } = ctx;
  const existingId = await findConnectionOfTenant(tx, { workspaceId, tenantId, source });
  return new UseCaseError("conflict", "This tenant is connected already.", {
    ...(existingId === undefined ? {} : { existingId }),
    fields: { tenantId: "This workspace already has a connection for this tenant." },
  });
}
