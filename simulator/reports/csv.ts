/** One CSV field: quoted when it has to be (RFC 4180). */
function csvField(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  const text = value;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** One CSV line with its CRLF. */
export function csvLine(fields: readonly (string | number | boolean | null)[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

const CHUNK_CHARACTERS = 64 * 1024;

/** Streams text pieces as UTF-8, with a byte order mark or without, computing them only as fast as they are read. */
export function utf8Stream(pieces: Iterator<string>, bom: boolean): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let first = bom;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      let chunk = first ? "\ufeff" : "";
      first = false;
      while (chunk.length < CHUNK_CHARACTERS) {
        const next = pieces.next();
        if (next.done) {
          controller.enqueue(encoder.encode(chunk));
          controller.close();
          return;
        }
        chunk += next.value;
      }
      controller.enqueue(encoder.encode(chunk));
    },
  });
}
