/** The bytes of an upload, wherever they are kept. */
export interface PackageBytes {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from `start` up to, not including, `end`, in order and in pieces of any length. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

/** A part of them, as if it were all: bytes from `start` up to, not including, `end`. */
export const partOf = (bytes: PackageBytes, start: number, end: number): PackageBytes => ({
  size: end - start,
  read: (from, to) => bytes.read(start + from, Math.min(start + to, end)),
});
