import { acquireEmbedded } from "../embedded/acquire.ts";

/** A program for tests of the launcher: takes a lease, prints its URLs, leaves when its input ends. */
const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error("Usage: hold-lease.ts <DATA_DIR>");
const lease = await acquireEmbedded(dataDir);
process.stdout.write(`${JSON.stringify(lease.urls)}\n`);
for await (const _ of process.stdin);
await lease.release();
