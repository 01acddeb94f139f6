import type { z } from "zod";
import { packageChunkBytes } from "#lib/domain/package";
import { beginPackage, type beginPackageInput } from "../begin-package.ts";
import { completePackage } from "../complete-package.ts";
import { putPackageChunk } from "../put-package-chunk.ts";
import type { Uploader } from "../uploader.ts";

/** Sends all of an upload, as a page or a collector does. */
export async function uploadPackage(
  by: Uploader,
  connectionId: string,
  content: Uint8Array,
  more: Partial<z.input<typeof beginPackageInput>> = {},
): Promise<string> {
  const { id: packageId, chunks } = await beginPackage(by, {
    connectionId,
    fileName: "package.zip",
    bytes: content.length,
    ...more,
  });
  for (let no = 0; no < chunks.count; no += 1) {
    const bytes = content.subarray(no * packageChunkBytes, (no + 1) * packageChunkBytes);
    await putPackageChunk(by, { packageId, no, bytes });
  }
  await completePackage(by, { packageId });
  return packageId;
}
