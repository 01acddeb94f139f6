import { PackageError } from "#lib/domain/package";
import { packageLimits } from "./format.ts";

const newline = 0x0a;

/**
 * The lines of a file as bytes, without their ends; empty lines are left out, the last one needs no end. Memory: one line.
 * @throws PackageError `line-too-long`.
 */
export async function* readLines(
  pieces: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<Buffer, void> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  const take = (end: Buffer): Buffer => {
    const line = rest.length === 0 ? end : Buffer.concat([...rest, end]);
    rest = [];
    restBytes = 0;
    return line;
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, from)) {
      const line = withoutReturn(take(piece.subarray(from, at)));
      from = at + 1;
      if (line.length > packageLimits.lineBytes) throw tooLong(file);
      if (line.length > 0) yield line;
    }
    const tail = piece.subarray(from);
    if (tail.length === 0) continue;
    rest.push(tail);
    restBytes += tail.length;
    if (restBytes > packageLimits.lineBytes) throw tooLong(file);
  }
  const last = withoutReturn(take(Buffer.alloc(0)));
  if (last.length > 0) yield last;
}

const tooLong = (file: string) => new PackageError("line-too-long", { file });

const withoutReturn = (line: Buffer): Buffer =>
  line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
