import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { never, upstream } from "#lib/http/failures";

const maxRecordBytes = 256 * 1024;

/**
 * The records of a CSV file, streamed; the first is the header. UTF-8 with or without a byte order mark, CRLF or LF,
 * quoted commas and line breaks; every record must have as many cells as the header.
 * @throws UpstreamError `report-malformed` (an unterminated quote, a record of another length), and what `chunks` throws.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[], void> {
  const parser = parse({
    bom: true,
    columns: false,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
  });
  const pump = pipeline(Readable.from(chunks), parser);
  pump.catch(() => undefined);
  try {
    for await (const record of parser) yield asCells(record);
    await pump;
  } catch (error) {
    if (error instanceof CsvError) {
      throw upstream("report-malformed", never, { facts: { reason: csvReason(error) } }, error);
    }
    throw error;
  } finally {
    parser.destroy();
  }
}

/** Safe: without `columns` and `cast` the parser gives every record as an array of strings. */
const asCells = (record: unknown): readonly string[] => record as readonly string[];

const csvReason = (error: CsvError): string =>
  /^[A-Z_]{1,60}$/.test(error.code) ? error.code : "CSV";
