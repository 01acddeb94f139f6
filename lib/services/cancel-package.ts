import { z } from "zod";
import { cancelReceiving, findPackage } from "#db/queries/packages";
import { guid, notFound, parseInput } from "./input.ts";
import { notArriving } from "./put-package-chunk.ts";
import { auditUpload, requireOwnConnection, requireUpload, type Uploader } from "./uploader.ts";

export const cancelPackageInput = z.strictObject({ packageId: guid });

/**
 * Gives up an upload that is arriving; what came in is removed. Right: import, or a token of the connection.
 * @throws UseCaseError `not-found`, `conflict` when it is over.
 */
export async function cancelPackage(
  by: Uploader,
  input: z.input<typeof cancelPackageInput>,
): Promise<void> {
  requireUpload(by);
  const { packageId } = parseInput(cancelPackageInput, input);
  const { workspaceId } = by;
  const key = { workspaceId, packageId };
  await by.platform.db.inWorkspace(workspaceId, async (tx) => {
    const row = await findPackage(tx, key);
    if (row === undefined) throw notFound("package");
    requireOwnConnection(by, row.connectionId, "package");
    if (!(await cancelReceiving(tx, key))) throw notArriving();
    await auditUpload(tx, by, {
      action: "package.cancelled",
      target: { kind: "package", id: packageId },
      details: { connectionId: row.connectionId },
    });
  });
}
