import { Readable } from "node:stream";
import { createGzip } from "node:zlib";

const MEGABYTE = 1024 * 1024;
const JSON_TYPE = "application/json;odata.metadata=minimal;charset=utf-8";

/** A JSON document that is that large when it is unpacked, and about a thousandth of it on the wire. */
export function gzipBomb(megabytes: number): Response {
  const spaces = Buffer.alloc(MEGABYTE, " ");
  const zipped = Readable.from(document(spaces, megabytes)).pipe(createGzip({ level: 9 }));
  // Whoever breaks off is right to.
  zipped.on("error", () => {});
  return new Response(bytes(zipped), {
    headers: { "content-type": JSON_TYPE, "content-encoding": "gzip" },
  });
}

/** A page of users that does not end before that many megabytes, sent as fast as it is read. */
export function hugeBody(megabytes: number): Response {
  const row =
    '{"id":"00000000-0000-4000-8000-000000000000","displayName":"Nobody","assignedLicenses":[]},';
  const rows = Buffer.from(row.repeat(Math.ceil(MEGABYTE / row.length)).slice(0, MEGABYTE));
  return new Response(bytes(Readable.from(document(rows, megabytes))), {
    headers: { "content-type": JSON_TYPE },
  });
}

function* document(filling: Buffer, times: number): Generator<Buffer> {
  yield Buffer.from('{"value":[');
  for (let i = 0; i < times; i += 1) yield filling;
  yield Buffer.from("]}");
}

function bytes(stream: Readable): ReadableStream<Uint8Array<ArrayBuffer>> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array<ArrayBuffer>>;
}
