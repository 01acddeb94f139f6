/**
 * Pages of users are about a megabyte each. Written into buffers that are used again, thousands of them leave no garbage
 * behind, and a tenant of a million users takes the simulator no more memory than a small one.
 */

const FIRST_SIZE = 1536 * 1024;
const KEPT = 8;

/** Buffers whose response has gone out. */
const free: Buffer[] = [];

/** Bytes of a page; `release` gives their memory back when nobody reads them any more. */
export type PageBytes = { bytes: Uint8Array<ArrayBuffer>; release: () => void };

/** Rows as JSON text, written when the page is put together. */
export class WrittenRows {
  readonly rows: Iterable<string>;
  constructor(rows: Iterable<string>) {
    this.rows = rows;
  }
}

/** A body of `pageBody` with written rows as UTF-8. `value` is its last member, so the rows can be put behind the rest. */
export function pageBytes(body: Record<string, unknown>, { rows }: WrittenRows): PageBytes {
  const { value: _, ...rest } = body;
  let buffer = free.pop() ?? Buffer.allocUnsafeSlow(FIRST_SIZE);
  let length = 0;
  const append = (text: string) => {
    // UTF-8 takes at most three bytes per UTF-16 unit.
    if (length + text.length * 3 > buffer.length)
      buffer = enlarged(buffer, length, text.length * 3);
    length += buffer.write(text, length);
  };
  append(`${JSON.stringify(rest).slice(0, -1)},"value":[`);
  let separator = "";
  for (const row of rows) {
    append(separator + row);
    separator = ",";
  }
  append("]}");
  return {
    bytes: buffer.subarray(0, length) as Uint8Array<ArrayBuffer>,
    release: () => {
      if (free.length < KEPT) free.push(buffer);
    },
  };
}

function enlarged(buffer: Buffer, length: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, length + needed));
  buffer.copy(larger, 0, 0, length);
  return larger;
}
