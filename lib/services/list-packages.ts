import { z } from "zod";
import { findConnection } from "#db/queries/connections";
import { listPackageRows } from "#db/queries/packages";
import type { PackageItem } from "#lib/domain/package-item";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { toPackageItems } from "./package-view.ts";
import { inWorkspace } from "./read-list.ts";

export const listPackagesInput = z.strictObject({ connectionId: guid });

/** So many of the newest are listed: the last year of weekly ones, or a quarter of daily ones. */
const listed = 60;

/** A connection's newest uploads. Right: read. @throws UseCaseError `not-found`. */
export async function listPackages(
  ctx: Ctx,
  input: z.input<typeof listPackagesInput>,
): Promise<{ readonly items: readonly PackageItem[] }> {
  requireRight(ctx, "read");
  const { connectionId } = parseInput(listPackagesInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    if ((await findConnection(tx, key)) === undefined) throw notFound("connection");
    const rows = await listPackageRows(tx, { ...key, limit: listed });
    return { items: await toPackageItems(tx, ctx.workspaceId, rows) };
  });
}
