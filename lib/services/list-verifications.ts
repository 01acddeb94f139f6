import { z } from "zod";
import { findConnection } from "#db/queries/connections";
import { listCredentialFacts } from "#db/queries/credentials";
import { listVerificationRows } from "#db/queries/verification-reads";
import { secondsSinceWorkerSeen } from "#db/queries/workers";
import type { Page } from "#lib/domain/read-models";
import type { VerificationItem } from "#lib/domain/verification-item";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { guid, notFound, pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";
import { contextOfVerification, toVerificationItem } from "./verification-view.ts";

export const listVerificationsInput = z.strictObject({ connectionId: guid, ...pageInput });

/** A connection's checks, newest first. Right: read. @throws UseCaseError `not-found`, `invalid`. */
export async function listVerifications(
  ctx: Ctx,
  input: z.input<typeof listVerificationsInput>,
): Promise<Page<VerificationItem>> {
  requireRight(ctx, "read");
  const { connectionId, cursor, limit } = parseInput(listVerificationsInput, input);
  const { workspaceId } = ctx;
  const scope = { list: "verifications", sort: "-created", filters: { connectionId } };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
  return inWorkspace(ctx, async (tx) => {
    const connection = await findConnection(tx, { workspaceId, connectionId });
    if (connection === undefined) throw notFound("connection");
    const query = { workspaceId, connectionId, after, limit: limit + 1 };
    const rows = await listVerificationRows(tx, query);
    const seen = await secondsSinceWorkerSeen(tx);
    const credentials = await listCredentialFacts(tx, {
      workspaceId,
      connectionIds: [connectionId],
    });
    const facts = credentials.get(connectionId) ?? null;
    const toItem = (row: (typeof rows)[number]) =>
      toVerificationItem(row, contextOfVerification(row, connection, facts), seen);
    return toPage(ctx, { scope, reconciliations: [], rows, limit, toItem });
  });
}
