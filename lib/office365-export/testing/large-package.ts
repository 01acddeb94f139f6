import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import yazl from "yazl";
import { e3, lines, sku, userIdOf } from "./build-package.ts";

/** Rows written at once. */
const batch = 10_000;

/**
 * A package of so many accounts without licenses, written row by row: only its packed bytes are ever in memory. The
 * manifest tells hash and size as they are, and `told` for the number of accounts.
 */
export async function buildLargePackage(large: {
  readonly tenantId: string;
  readonly collectedAt: string;
  readonly users: number;
  readonly told: number;
}): Promise<Buffer> {
  const hash = createHash("sha256");
  let bytes = 0;
  function* rows(): Generator<Buffer, void> {
    for (let from = 0; from < large.users; from += batch) {
      const count = Math.min(batch, large.users - from);
      const ids = Array.from({ length: count }, (_, no) => userIdOf(from + no));
      const piece = Buffer.from(ids.map((id) => `{"id":"${id}","licenses":[]}\n`).join(""));
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  const zip = new yazl.ZipFile();
  const packed = buffer(zip.outputStream);
  const users = Readable.from(rows(), { objectMode: false });
  const read = new Promise((resolve, reject) => users.on("end", resolve).on("error", reject));
  zip.addReadStream(users, "users.ndjson", { compressionLevel: 1 });
  await read;
  const skus = lines([sku(e3, { consumed: 0 })]);
  zip.addBuffer(skus, "skus.ndjson");
  const manifest = {
    format: "seatledger-office365-export",
    schemaVersion: 1,
    tenantId: large.tenantId,
    tenantName: "Contoso",
    collectedAt: large.collectedAt,
    collectorVersion: "1.0.0",
    files: {
      "skus.ndjson": {
        rows: 1,
        bytes: skus.length,
        sha256: createHash("sha256").update(skus).digest("hex"),
      },
      "users.ndjson": { rows: large.told, bytes, sha256: hash.digest("hex") },
    },
  };
  zip.addBuffer(Buffer.from(JSON.stringify(manifest)), "manifest.json");
  zip.end();
  return packed;
}
