import type { Tx } from "#db/client";
import { takeFirstImport } from "#db/queries/connection-changes";
import type { ConnectionKey } from "#db/queries/connections";
import { firstImportKey } from "#lib/domain/first-import";
import type { Actor } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { createImport } from "./start-import.ts";

/** Connecting itself, acting for whoever began it. */
const connecting: Actor = { kind: "system", id: "connecting", name: "Connecting", role: "owner" };

/**
 * Starts the first import of a connection that was begun in the wizard, in the transaction that completes its
 * verification: whoever asked for it may have closed the page, or wait for an administrator's approval elsewhere. The page
 * asks for the same import by its key. Nothing happens for a connection that was imported before, and for one made by the
 * API, whose client asks for its imports itself. The caller has locked the connection. Source: DESIGN §7 step 5.
 */
export async function startFirstImport(
  tx: Tx,
  platform: Ctx["platform"],
  { workspaceId, connectionId }: ConnectionKey,
): Promise<void> {
  const requestedBy = await takeFirstImport(tx, { workspaceId, connectionId });
  if (requestedBy === null) return;
  const ctx: Ctx = { platform, workspaceId, actor: connecting };
  const idempotencyKey = firstImportKey(connectionId);
  await createImport(tx, ctx, { connectionId, trigger: "first", idempotencyKey, requestedBy });
}
