import { z } from "zod";
import {
  deleteSupersession,
  findSupersession,
  listSupersessionRows,
  toSupersession,
} from "#db/queries/supersessions";
import { loadSwitchFacts, lockScope } from "#db/queries/switch-facts";
import { previewUndo } from "#lib/domain/switch-preview";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";
import { requireSwitchRight } from "./switch-input.ts";
import { recomputeAll } from "./switch-source.ts";

export const undoSwitchInput = z.strictObject({ supersessionId: guid });

/**
 * Takes a switch back: deletes its row and recomputes each connection it had changed, in one transaction. Everything is
 * as before; the higher source's licenses are shown and not counted while a lower one counts. Source: DESIGN §5
 * Superseding. Right: as for the switch.
 * @throws UseCaseError `not-found`.
 */
export async function undoSwitch(ctx: Ctx, input: z.input<typeof undoSwitchInput>): Promise<void> {
  requireRight(ctx, "manage-connections");
  const { supersessionId: id } = parseInput(undoSwitchInput, input);
  const { workspaceId } = ctx;
  await inWorkspace(ctx, async (tx) => {
    const found = await findSupersession(tx, { workspaceId, id });
    if (found === undefined) throw notFound("switch");
    requireSwitchRight(ctx, found);
    const { by, tenantId } = found;
    await lockScope(tx, { workspaceId, tenantId });
    const facts = await loadSwitchFacts(tx, { workspaceId, tenantId });
    if (!(await deleteSupersession(tx, { workspaceId, id }))) throw notFound("switch");
    const rows = await listSupersessionRows(tx, { workspaceId });
    const { changed } = previewUndo(facts, { by, tenantId }, rows.flatMap(toSupersession));
    await recomputeAll(tx, ctx, changed);
    await auditChange(tx, ctx, {
      action: "supersession.undone",
      target: { kind: "supersession", id },
      details: { by, tenantId, connections: changed },
    });
  });
}
