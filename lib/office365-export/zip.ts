import { Readable } from "node:stream";
import yauzl from "yauzl";
import { PackageError } from "#lib/domain/package";
import { packageLimits } from "./format.ts";
import type { PackageBytes } from "./package-bytes.ts";

/** The files of a package: names and sizes are those of its central directory, and checked. */
export interface PackageFiles {
  readonly names: readonly string[];
  /** A file's bytes, unpacked. @throws PackageError when they are damaged or more than was announced. */
  read(name: string): AsyncIterable<Buffer>;
}

/** Hands ranges to the ZIP reader and keeps what went wrong underneath, which is no fault of the package. */
class RangeReader extends yauzl.RandomAccessReader {
  readonly #bytes: PackageBytes;
  failure: unknown = null;
  constructor(bytes: PackageBytes) {
    super();
    this.#bytes = bytes;
  }
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#range(start, end), { objectMode: false });
  }
  async *#range(start: number, end: number): AsyncGenerator<Buffer, void> {
    try {
      for await (const piece of this.#bytes.read(start, end)) {
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

/**
 * Opens a ZIP and looks at every entry before anything is unpacked: nothing but plain files of safe, distinct names,
 * not encrypted, of believable sizes. @throws PackageError; what `bytes` throws.
 */
export async function openZip(bytes: PackageBytes): Promise<PackageFiles> {
  const reader = new RangeReader(bytes);
  const own = async (error: unknown): Promise<never> => {
    if (reader.failure !== null) throw reader.failure;
    if (error instanceof PackageError) throw error;
    throw new PackageError(await unreadable(bytes), undefined, { cause: error });
  };
  const zip = await yauzl
    .fromRandomAccessReaderPromise(reader, bytes.size, { autoClose: false, decodeStrings: false })
    .catch(own);
  if (zip.entryCount > packageLimits.files) {
    throw new PackageError("too-many-files", { files: zip.entryCount });
  }
  const entries = new Map<string, yauzl.Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      checkEntry(name, entry);
      if (entries.has(name)) throw new PackageError("duplicate-file", { file: name });
      entries.set(name, entry);
    }
  } catch (error) {
    return own(error);
  }
  return {
    names: [...entries.keys()],
    async *read(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw new PackageError("missing-file", { file: name });
      try {
        const stream = await zip.openReadStreamPromise(entry);
        for await (const piece of stream) yield asBuffer(piece);
      } catch (error) {
        if (reader.failure !== null) throw reader.failure;
        if (error instanceof PackageError) throw error;
        throw new PackageError("truncated", { file: name }, { cause: error });
      }
    },
  };
}

/** Safe: without an encoding streams of bytes give buffers. */
const asBuffer = (piece: unknown) => piece as Buffer;

const nameOf = (entry: yauzl.Entry): string =>
  yauzl.getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    true,
  );

/** Names are told to people: short and without control characters. */
const shown = (name: string): string => name.replace(/\p{C}/gu, "").slice(0, 100);

function checkEntry(name: string, entry: yauzl.Entry): void {
  if (yauzl.validateFileName(name) !== null || name.includes("\0")) {
    throw new PackageError("unsafe-name", { file: shown(name) });
  }
  if (entry.isEncrypted()) throw new PackageError("encrypted");
  if (!entry.canDecodeFileData()) throw new PackageError("not-a-zip");
  const { uncompressedSize: unpacked, compressedSize: packed } = entry;
  const expands = unpacked > packed * packageLimits.expansion && unpacked > 1024 * 1024;
  if (expands || unpacked > packageLimits.fileBytes) {
    throw new PackageError("expands-too-much", { file: shown(name) });
  }
}

/** What begins as a ZIP and does not end as one was cut off. */
async function unreadable(bytes: PackageBytes): Promise<"truncated" | "not-a-zip"> {
  const head: number[] = [];
  for await (const piece of bytes.read(0, Math.min(4, bytes.size))) head.push(...piece);
  return head[0] === 0x50 && head[1] === 0x4b ? "truncated" : "not-a-zip";
}
