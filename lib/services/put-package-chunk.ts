import { z } from "zod";
import { storeChunk } from "#db/queries/package-chunks";
import { findPackage } from "#db/queries/packages";
import { packageChunkBytes } from "#lib/domain/package";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { chunkCount } from "./package-view.ts";
import { requireOwnConnection, requireUpload, type Uploader } from "./uploader.ts";

export const putPackageChunkInput = z.strictObject({
  packageId: guid,
  /** From 0. */
  no: z.coerce.number().int().min(0).max(1_000_000),
  bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});

/**
 * Stores one chunk of an upload, in any order; one that is there already stays as it is, so that a broken upload goes on
 * with what is missing. Right: import, or a token of the connection.
 * @throws UseCaseError `not-found`; `invalid` for a chunk of the wrong length or number; `conflict` when the upload is
 * over, or another one was begun.
 */
export async function putPackageChunk(
  by: Uploader,
  input: z.input<typeof putPackageChunkInput>,
): Promise<void> {
  requireUpload(by);
  const { packageId, no, bytes } = parseInput(putPackageChunkInput, input);
  const { workspaceId } = by;
  const key = { workspaceId, packageId };
  await by.platform.db.inWorkspace(workspaceId, async (tx) => {
    const row = await findPackage(tx, key);
    if (row === undefined) throw notFound("package");
    requireOwnConnection(by, row.connectionId, "package");
    const last = chunkCount(row.bytes) - 1;
    const length = no < last ? packageChunkBytes : row.bytes - last * packageChunkBytes;
    if (no > last || bytes.length !== length) {
      throw new UseCaseError(
        "invalid",
        no > last ? `The last chunk is number ${last}.` : `Chunk ${no} has ${length} bytes.`,
      );
    }
    if (!(await storeChunk(tx, key, { no, bytes }))) throw notArriving();
  });
}

/** Why nothing more is taken. */
export const notArriving = (): UseCaseError =>
  new UseCaseError(
    "conflict",
    "This upload is over: it was finished, cancelled, or replaced by a newer one.",
  );
