import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "react";

/** Where the collector is downloaded: a file of `public/`. */
export const collectorPath = "/collector/seatledger-office365-collector.ps1";

/** SHA-256 of the collector as this installation serves it, hex in upper case as Get-FileHash prints it. */
export const collectorHash = cache(async (): Promise<string> => {
  const file = await readFile(join(process.cwd(), "public", collectorPath));
  return createHash("sha256").update(file).digest("hex").toUpperCase();
});
