import { openDatabase } from "../../db/client.ts";
import { insertRows } from "../../db/queries/import-store-rows.ts";
import type { UserRow } from "../../lib/import/ports.ts";
import { insertPlainUsers, readSkuNumbers } from "./insert.ts";
import { type FloorReadName, type FloorTask, floorReads } from "./reads.ts";

/**
 * The floor of an import: the directory's pages fetched and parsed by a bare loop while the rows of the page before are
 * inserted by the product's statements without their checks, one transaction per page. No zod, no checkpoints, no sums,
 * no retries, no publish.
 * Prints `{seconds, requests, peakRssMb}`.
 */
const task: FloorTask = JSON.parse(process.argv[2] ?? "");
const { workspaceId, snapshotId } = task;
const place = { workspaceId, snapshotId };

const db = await openDatabase({ url: task.databaseUrl, role: "worker", applicationName: "floor" });
let requests = 0;
let skuNumbers: ReadonlyMap<string, number> | undefined;

async function fetchPage(url: string): Promise<{ value: unknown[]; "@odata.nextLink"?: string }> {
  requests += 1;
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${task.token}`, ConsistencyLevel: "eventual" },
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return JSON.parse(await response.text());
}

/** Safe: the table of reads gives each read the row of its own type, which a union of reads no longer shows. */
const usersOf = (rows: readonly unknown[]) => rows as readonly UserRow[];

async function readAll(read: FloorReadName): Promise<void> {
  const { endpoint, row } = floorReads[read];
  const { path, query, pageSize } = endpoint;
  const parts = [query, pageSize === null ? "" : `$top=${pageSize}`].filter((part) => part !== "");
  let next = fetchPage(`${task.graphOrigin}${path}?${parts.join("&")}`);
  let before = 0;
  for (let pageNo = 1; ; pageNo += 1) {
    const { value, "@odata.nextLink": link } = await next;
    if (link !== undefined) next = fetchPage(link);
    const rows = value.map((wire) => row(wire));
    await db.inWorkspace(workspaceId, async (tx) => {
      if (read !== "users") {
        await insertRows(tx, place, read, rows);
        return;
      }
      skuNumbers ??= await readSkuNumbers(tx, workspaceId);
      await insertPlainUsers(tx, place, skuNumbers, { rows: usersOf(rows), pageNo, before });
    });
    before += rows.length;
    if (link === undefined) return;
  }
}

const started = performance.now();
await readAll("organization");
await readAll("subscribed-skus-first");
await Promise.all([readAll("company-subscriptions"), readAll("groups"), readAll("users")]);
await Promise.all([readAll("subscribed-skus-second"), readAll("deleted-users")]);
const seconds = (performance.now() - started) / 1000;
await db.close();
const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(`${JSON.stringify({ seconds, requests, peakRssMb })}\n`);
