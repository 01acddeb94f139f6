import { z } from "zod";
import { findPackage } from "#db/queries/packages";
import type { PackageItem } from "#lib/domain/package-item";
import { requireRight } from "./actor.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { toPackageItems } from "./package-view.ts";
import { requireOwnConnection, type Uploader } from "./uploader.ts";

export const getPackageInput = z.strictObject({ packageId: guid });

/**
 * One upload: where it stands, what was refused. Right: read, or a token of the connection, which thus learns how its own
 * upload ended. @throws UseCaseError `not-found`.
 */
export async function getPackage(
  by: Uploader,
  input: z.input<typeof getPackageInput>,
): Promise<PackageItem> {
  if (!("uploadsTo" in by)) requireRight(by, "read");
  const { packageId } = parseInput(getPackageInput, input);
  const { workspaceId } = by;
  return by.platform.db.inWorkspace(workspaceId, async (tx) => {
    const row = await findPackage(tx, { workspaceId, packageId });
    if (row === undefined) throw notFound("package");
    requireOwnConnection(by, row.connectionId, "package");
    const [item] = await toPackageItems(tx, workspaceId, [row]);
    if (item === undefined) throw notFound("package");
    return item;
  });
}
