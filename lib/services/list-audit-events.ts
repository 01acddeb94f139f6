import { z } from "zod";
import { type AuditRow, listAuditRows } from "#db/queries/audit";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listAuditEventsInput = z.strictObject({
  action: z
    .string()
    .regex(/^[a-z-]+\.[a-z-]+$/)
    .max(80)
    .optional(),
  targetId: z.string().min(1).max(80).optional(),
  ...pageInput,
});

/** Who changed what and when, newest first; instants ISO UTC. Right: read-audit. */
export async function listAuditEvents(
  ctx: Ctx,
  input: z.input<typeof listAuditEventsInput> = {},
): Promise<Page<AuditRow>> {
  requireRight(ctx, "read-audit");
  const { action, targetId, cursor, limit } = parseInput(listAuditEventsInput, input);
  const scope = { list: "audit", sort: "-id", filters: { action, targetId } };
  const before = cursor === undefined ? null : Number(openCursor(ctx, scope, cursor).after.id);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const found = await listAuditRows(tx, {
      workspaceId,
      action,
      targetId,
      before,
      limit: limit + 1,
    });
    const rows = found.map((item) => ({ item, after: { key: "", id: String(item.id) } }));
    const toItem = (row: (typeof rows)[number]) => row.item;
    return toPage(ctx, { scope, reconciliations: [], rows, limit, toItem });
  });
}
