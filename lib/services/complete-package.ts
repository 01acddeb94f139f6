import { z } from "zod";
import { listChunkNumbers } from "#db/queries/package-chunks";
import { findPackage, recordReceived } from "#db/queries/packages";
import type { PackageItem } from "#lib/domain/package-item";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { chunkCount, toPackageItems } from "./package-view.ts";
import { notArriving } from "./put-package-chunk.ts";
import { auditUpload, requireOwnConnection, requireUpload, type Uploader } from "./uploader.ts";

export const completePackageInput = z.strictObject({ packageId: guid });

/**
 * Says that all of an upload was sent: the worker checks it from now on. Saying it again changes nothing. Right: import,
 * or a token of the connection.
 * @throws UseCaseError `not-found`; `conflict` naming the first chunks that are missing, or when the upload is over.
 */
export async function completePackage(
  by: Uploader,
  input: z.input<typeof completePackageInput>,
): Promise<PackageItem> {
  requireUpload(by);
  const { packageId } = parseInput(completePackageInput, input);
  const { workspaceId, platform } = by;
  const key = { workspaceId, packageId };
  return platform.db.inWorkspace(workspaceId, async (tx) => {
    const row = await findPackage(tx, key);
    if (row === undefined) throw notFound("package");
    requireOwnConnection(by, row.connectionId, "package");
    if (row.state === "receiving") {
      const present = new Set(await listChunkNumbers(tx, key));
      const all = Array.from({ length: chunkCount(row.bytes) }, (_, no) => no);
      const missing = all.filter((no) => !present.has(no));
      if (missing.length > 0) {
        const first = missing.slice(0, 10).join(", ");
        throw new UseCaseError("conflict", `Not all of it has arrived. Missing chunks: ${first}.`);
      }
      if (!(await recordReceived(tx, key))) throw notArriving();
      await platform.queue.send(tx, "package", { workspaceId, id: packageId }, packageId);
      await auditUpload(tx, by, {
        action: "package.received",
        target: { kind: "package", id: packageId },
        details: { connectionId: row.connectionId, bytes: row.bytes },
      });
    } else if (row.state === "cancelled") throw notArriving();
    const now = await findPackage(tx, key);
    const [item] = now === undefined ? [] : await toPackageItems(tx, workspaceId, [now]);
    if (item === undefined) throw notFound("package");
    return item;
  });
}
