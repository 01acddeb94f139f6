import { readChunk } from "#db/queries/package-chunks";
import type { PackageKey } from "#db/queries/packages";
import { PackageError, packageChunkBytes } from "#lib/domain/package";
import type { PackageBytes } from "#lib/office365-export/package-bytes";
import type { Platform } from "./context.ts";

/**
 * An upload's bytes as they are stored, read chunk by chunk, each in a transaction of its own; the last one is kept,
 * since a ZIP is looked at in many small steps.
 * `read` throws the signal's reason when the worker stops, PackageError `truncated` when a chunk is gone.
 */
export function storedBytes(
  { db }: Pick<Platform, "db">,
  key: PackageKey & { readonly bytes: number },
  signal: AbortSignal,
): PackageBytes {
  const { bytes: size, workspaceId, packageId } = key;
  let kept: { readonly no: number; readonly bytes: Uint8Array } | null = null;
  const chunk = async (no: number): Promise<Uint8Array> => {
    if (kept?.no === no) return kept.bytes;
    signal.throwIfAborted();
    const bytes = await db.inWorkspace(workspaceId, (tx) =>
      readChunk(tx, { workspaceId, packageId }, no),
    );
    if (bytes === undefined) throw new PackageError("truncated");
    kept = { no, bytes };
    return bytes;
  };
  return {
    size,
    async *read(start, end) {
      const to = Math.min(end, size);
      for (let at = start; at < to; ) {
        const no = Math.floor(at / packageChunkBytes);
        const from = no * packageChunkBytes;
        const bytes = await chunk(no);
        yield bytes.subarray(at - from, Math.min(bytes.length, to - from));
        at = from + packageChunkBytes;
      }
    },
  };
}
