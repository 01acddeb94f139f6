import { z } from "zod";
import { listMemberRows } from "#db/queries/members";
import type { MemberItem } from "#lib/domain/member-item";
import type { Page } from "#lib/domain/read-models";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { openCursor } from "./cursor.ts";
import { pageInput, parseInput } from "./input.ts";
import { inWorkspace, toPage } from "./read-list.ts";

export const listMembersInput = z.strictObject(pageInput);

/** Members by name. Rights: read and see-people, since members are people. */
export async function listMembers(
  ctx: Ctx,
  input: z.input<typeof listMembersInput> = {},
): Promise<Page<MemberItem>> {
  requireRight(ctx, "read");
  requireRight(ctx, "see-people");
  const { cursor, limit } = parseInput(listMembersInput, input);
  const scope = { list: "members", sort: "name", filters: {} };
  const after = cursor === undefined ? null : openCursor(ctx, scope, cursor).after;
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const rows = await listMemberRows(tx, { workspaceId, after, limit: limit + 1 });
    const toItem = (row: (typeof rows)[number]) => row.item;
    return toPage(ctx, { scope, reconciliations: [], rows, limit, toItem });
  });
}
