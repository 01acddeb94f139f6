import { randomUUID } from "node:crypto";
import { z } from "zod";
import { insertConnection } from "#db/queries/connection-changes";
import { findConnectionOfTenant } from "#db/queries/connections";
import { type Method, methods } from "#lib/domain/connection";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import { cloudInput, connectionName, tenantHint } from "./connection-input.ts";
import type { Ctx } from "./context.ts";
import { alreadyConnected } from "./create-connection.ts";
import { UseCaseError } from "./errors.ts";
import { guid, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const createDraftInput = z.strictObject({
  name: connectionName,
  source: z.literal("microsoft-365", "Only microsoft-365 can be connected so far."),
  method: z.enum(methods),
  cloud: cloudInput.default("global"),
  tenantHint: tenantHint.optional(),
});

/** The tenant a hint names by GUID; null for a domain or nothing. */
export const hintedTenant = (hint: string | null | undefined): string | null => {
  const parsed = guid.safeParse(hint);
  return parsed.success ? parsed.data : null;
};

/**
 * A domain helps Microsoft to open the right sign-in page; an app of the customer's needs the tenant itself.
 * @throws UseCaseError `invalid` at `tenantHint`.
 */
export function requireTenantId(method: Method | null, hint: string | null | undefined): void {
  if (method !== "registered-app" || !hint || hintedTenant(hint) !== null) return;
  throw new UseCaseError("invalid", "The tenant is named by a domain.", {
    fields: {
      tenantHint:
        "An app of your own needs the tenant's GUID: “Directory (tenant) ID” on the app's overview page.",
    },
  });
}

/**
 * Begins a connection in the wizard. A draft claims nothing outside its workspace; inside it, a tenant that is connected
 * already is refused. For a registered app the entered GUID is the tenant; consent learns the tenant from the proof.
 * Source: DESIGN §7 step 2. Right: manage-connections.
 * @throws UseCaseError `invalid` per field; `conflict` with the id of the connection this workspace already has.
 */
export async function createDraft(
  ctx: Ctx,
  input: z.input<typeof createDraftInput>,
): Promise<{ readonly id: string }> {
  requireRight(ctx, "manage-connections");
  const draft = parseInput(createDraftInput, input);
  const { workspaceId } = ctx;
  const { source, method, cloud } = draft;
  requireTenantId(method, draft.tenantHint);
  const id = randomUUID();
  const hinted = hintedTenant(draft.tenantHint);
  return inWorkspace(ctx, async (tx) => {
    if (hinted !== null) {
      const key = { workspaceId, tenantId: hinted, source };
      if ((await findConnectionOfTenant(tx, key)) !== undefined) {
        throw await alreadyConnected(tx, ctx, hinted, source);
      }
    }
    const inserted = await insertConnection(tx, {
      workspaceId,
      id,
      name: draft.name,
      source,
      method,
      cloud,
      tenantId: method === "registered-app" ? hinted : null,
      tenantHint: draft.tenantHint ?? null,
      clientId: null,
      status: "draft",
      createdBy: ctx.actor.name,
      firstImportBy: ctx.actor.name,
    });
    if (!inserted) throw await alreadyConnected(tx, ctx, hinted ?? "", source);
    await auditChange(tx, ctx, {
      action: "connection.drafted",
      target: { kind: "connection", id },
      details: { source, method, cloud },
    });
    return { id };
  });
}
