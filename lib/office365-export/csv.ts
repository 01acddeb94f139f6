import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { PackageError } from "#lib/domain/package";
import type { PackageBytes } from "./package-bytes.ts";

/** Records longer than this are none, bytes. */
const maxRecordBytes = 1024 * 1024;

/** A CSV file of Windows PowerShell: its header and its records, streamed. */
export interface CsvFile {
  readonly header: readonly string[];
  readonly records: AsyncIterable<readonly string[]>;
}

/**
 * Opens a file that `Export-Csv` wrote: UTF-8 or UTF-16 with or without a byte order mark, with or without its `#TYPE`
 * line, separated by commas, semicolons or tabs. @throws PackageError `csv-encoding`, `csv-malformed`; what `bytes` throws.
 */
export async function openCsv(bytes: PackageBytes, file: string): Promise<CsvFile> {
  const text = withoutTypeLine(decode(bytes, file));
  const first = await text.next();
  const head = first.done ? "" : first.value;
  async function* all(): AsyncGenerator<string, void> {
    yield head;
    yield* text;
  }
  const records = recordsOf(all(), separatorOf(head), file);
  const header = await records.next();
  if (header.done) throw new PackageError("csv-malformed", { file });
  return { header: header.value, records };
}

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** By the byte order mark; without one, a zero in one of the first two bytes tells UTF-16. */
function encodingOf(start: readonly number[]): Encoding {
  const [a, b] = start;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (b === 0 && a !== 0) return "utf-16le";
  return a === 0 && b !== 0 ? "utf-16be" : "utf-8";
}

async function* decode(bytes: PackageBytes, file: string): AsyncGenerator<string, void> {
  const start: number[] = [];
  for await (const piece of bytes.read(0, Math.min(2, bytes.size))) start.push(...piece);
  const decoder = new TextDecoder(encodingOf(start), { fatal: true });
  const text = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch (error) {
      throw new PackageError("csv-encoding", { file }, { cause: error });
    }
  };
  for await (const piece of bytes.read(0, bytes.size)) yield text(piece);
  yield text();
}

/** Gathers the first lines, and drops the one that names the .NET type. */
async function* withoutTypeLine(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let head: string | null = "";
  for await (const piece of pieces) {
    if (head === null) {
      yield piece;
      continue;
    }
    head += piece;
    const isType = head.startsWith("#TYPE");
    const lines = head.split("\n").length - 1;
    if (lines < (isType ? 2 : 1) && head.length < maxRecordBytes) continue;
    yield isType ? head.slice(head.indexOf("\n") + 1) : head;
    head = null;
  }
  if (head === null) return;
  const end = head.indexOf("\n");
  yield head.startsWith("#TYPE") ? (end === -1 ? "" : head.slice(end + 1)) : head;
}

const separators = [",", ";", "\t"] as const;

/** The one that stands most often between the names of the header. */
function separatorOf(head: string): string {
  const header = (head.split("\n", 1)[0] ?? "").replaceAll(/"[^"]*"/g, "");
  const count = (separator: string) => header.split(separator).length;
  return separators.reduce((best, next) => (count(next) > count(best) ? next : best));
}

async function* recordsOf(
  text: AsyncIterable<string>,
  delimiter: string,
  file: string,
): AsyncGenerator<readonly string[], void> {
  const parser = parse({
    bom: true,
    columns: false,
    delimiter,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
  });
  const pump = pipeline(Readable.from(text), parser);
  pump.catch(() => undefined);
  try {
    for await (const record of parser) yield asCells(record);
    await pump;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new PackageError("csv-malformed", { file }, { cause: error });
  } finally {
    parser.destroy();
  }
}

/** Safe: without `columns` and `cast` the parser gives every record as an array of strings. */
const asCells = (record: unknown): readonly string[] => record as readonly string[];
