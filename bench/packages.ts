import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import yazl from "yazl";
import { createWorkspace } from "../db/testing/factories.ts";
import type { PackageItem } from "../lib/domain/package-item.ts";
import type { PackageBytes } from "../lib/office365-export/package-bytes.ts";
import { checkPackage, readPackage } from "../lib/office365-export/read-package.ts";
import { createPackageSource } from "../lib/office365-export/source.ts";
import {
  e3,
  e5,
  sampleTenant,
  sku,
  user,
  userIdOf,
} from "../lib/office365-export/testing/build-package.ts";
import { beginPackage } from "../lib/services/begin-package.ts";
import { completePackage } from "../lib/services/complete-package.ts";
import { createPackageConnection } from "../lib/services/create-package-connection.ts";
import { getPackage } from "../lib/services/get-package.ts";
import { putPackageChunk } from "../lib/services/put-package-chunk.ts";
import { createMember, createTestWeb } from "../lib/services/testing/web.ts";
import { waitFor } from "../worker/testing/wait-for.ts";
import { openArena } from "./harness/arena.ts";
import { report, tell } from "./harness/report.ts";

/**
 * One export package of the deprecated connector, as large as asked: checked byte by byte against its manifest, then read
 * into the pages an import writes, in a process that may not grow by more than `--most MB` while it does. With `--import`
 * the same package is uploaded in chunks and imported by a real worker as well.
 *
 * `--users N`; `--most MB`; `--json` one line. Ends with 1 where it grew more, or a row is missing.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "5000000" },
    most: { type: "string", default: "256" },
    import: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    make: { type: "string" },
  },
});
const users = Number(values.users);
const most = Number(values.most);

/** Accounts with everything the collector writes of one, two licenses each. */
function* accounts(): Generator<object> {
  for (let no = 0; no < users; no += 1) {
    yield user(no, {
      mail: `person${no}@contoso.example`,
      usageLocation: "DE",
      department: `Department ${no % 400}`,
      licenses: [
        { skuId: e3, held: true, direct: true, groupIds: [], disabledPlanIds: [] },
        {
          skuId: e5,
          held: true,
          direct: false,
          groupIds: [userIdOf(no % 90)],
          disabledPlanIds: [],
        },
      ],
    });
  }
}

/** What the manifest says of a list, counted while it goes by. */
interface Facts {
  rows: number;
  bytes: number;
  sha256: string;
}

async function* counted(rows: Iterable<object>, facts: Facts): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  const batch: string[] = [];
  const flush = (): Buffer => {
    const piece = Buffer.from(batch.splice(0).join(""));
    hash.update(piece);
    facts.bytes += piece.length;
    return piece;
  };
  for (const row of rows) {
    batch.push(`${JSON.stringify(row)}\n`);
    facts.rows += 1;
    if (batch.length === 500) yield flush();
  }
  yield flush();
  facts.sha256 = hash.digest("hex");
}

/** Writes the package to a file, list after list; the manifest comes last, when it knows them. */
async function make(path: string): Promise<void> {
  const zip = new yazl.ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(path));
  const files: Record<string, Facts> = {};
  const lists = { "skus.ndjson": [sku(e3), sku(e5)], "users.ndjson": accounts() };
  for (const [name, rows] of Object.entries(lists)) {
    const facts: Facts = { rows: 0, bytes: 0, sha256: "" };
    files[name] = facts;
    const stream = Readable.from(counted(rows, facts), { objectMode: false });
    zip.addReadStream(stream, name);
    await new Promise((resolve, reject) => stream.on("end", resolve).on("error", reject));
  }
  const manifest = {
    format: "seatledger-office365-export",
    schemaVersion: 1,
    tenantId: sampleTenant,
    tenantName: "Contoso",
    collectedAt: "2026-11-20T06:00:00Z",
    collectorVersion: "1.1.0",
    files,
  };
  zip.addBuffer(Buffer.from(JSON.stringify(manifest)), "manifest.json");
  zip.end();
  await written;
}

/** In a process of its own, so that its memory is none of the reader's. */
const makeElsewhere = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const script = fileURLToPath(import.meta.url);
    const child = spawn(process.execPath, [script, "--make", path, "--users", `${users}`], {
      stdio: "inherit",
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error("No package was made.")),
    );
  });

const ofFile = (path: string, size: number): PackageBytes => ({
  size,
  read: (start, end) =>
    start >= end ? Readable.from([]) : createReadStream(path, { start, end: end - 1 }),
});

const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);
const rss = (): number => megabytes(process.memoryUsage.rss());
const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10;

async function measure(path: string) {
  const { size } = await stat(path);
  const bytes = ofFile(path, size);
  let peak = rss();
  const before = peak;
  const look = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 100);
  try {
    const began = performance.now();
    const summary = await checkPackage(bytes, { tenantId: sampleTenant });
    const checkSeconds = seconds(began);
    tell(`checked in ${checkSeconds} s`);
    const reading = performance.now();
    const source = createPackageSource(await readPackage(bytes));
    let rows = 0;
    let pages = 0;
    const { signal } = new AbortController();
    for await (const page of source.pages("users", null, { signal, onWait: () => undefined })) {
      rows += page.rows.length;
      pages += 1;
    }
    const readSeconds = seconds(reading);
    return {
      users,
      packageMegabytes: megabytes(size),
      checkSeconds,
      readSeconds,
      pages,
      rowsPerSecond: Math.round(rows / readSeconds),
      grewMegabytes: peak - before,
      mostMegabytes: most,
      complete: summary.users === users && rows === users,
    };
  } finally {
    clearInterval(look);
  }
}

/** Uploaded as a collector does, checked and imported by a worker. Seconds by the database's clock. */
async function bringIn(path: string) {
  const arena = await openArena();
  const web = await createTestWeb(arena.server);
  try {
    const config = { ...web.platform.config, packageMaxBytes: 512 * 1024 ** 2 };
    const platform = { ...web.platform, config };
    const worker = await arena.startWorker();
    const { workspaceId } = await createWorkspace(arena.server);
    const owner = await createMember(arena.server, platform, workspaceId, "owner");
    const { id: connectionId } = await createPackageConnection(owner, {
      name: "Bench",
      tenantId: sampleTenant,
    });
    const began = performance.now();
    const { size } = await stat(path);
    const { id: packageId, chunks } = await beginPackage(owner, {
      connectionId,
      fileName: "package.zip",
      bytes: size,
    });
    const file = await open(path);
    for (let no = 0; no < chunks.count; no += 1) {
      const at = no * chunks.bytes;
      const bytes = new Uint8Array(Math.min(chunks.bytes, size - at));
      await file.read(bytes, 0, bytes.length, at);
      await putPackageChunk(owner, { packageId, no, bytes });
    }
    await file.close();
    await completePackage(owner, { packageId });
    const uploadSeconds = seconds(began);
    tell("uploaded", { uploadSeconds });
    const importing = await settled(
      () => getPackage(owner, { packageId }),
      ({ state }) => state !== "received",
    );
    tell(`the package is ${importing.state}`);
    const done = await settled(
      () => getPackage(owner, { packageId }),
      ({ importState }) => importState !== null && !["queued", "running"].includes(importState),
    );
    const [times] = await arena.server.ownerSql<{ check: number; import: number }[]>`
      select extract(epoch from p.finished_at - p.started_at)::float8 as check,
        extract(epoch from r.finished_at - r.started_at)::float8 as import
      from packages p join dataset_runs r on r.package_id = p.id and r.dataset = 'directory'
      where p.id = ${packageId}`;
    const [stored] = await arena.server.ownerSql<{ accounts: number }[]>`
      select count(*)::float8 as accounts from snapshot_users where workspace_id = ${workspaceId}`;
    return {
      uploadSeconds,
      workerCheckSeconds: times?.check ?? null,
      importSeconds: times?.import ?? null,
      importState: done.importState,
      accountsStored: stored?.accounts ?? null,
      workerPeakMegabytes: worker.peakRssMb(),
    };
  } finally {
    await web.close();
    await arena.close();
  }
}

const settled = (
  look: () => Promise<PackageItem>,
  is: (item: PackageItem) => boolean,
): Promise<PackageItem> =>
  waitFor(
    "the package is settled",
    async () => {
      const item = await look();
      return is(item) || item.state === "refused" ? item : null;
    },
    3 * 3_600_000,
  );

if (values.make !== undefined) await make(values.make);
else {
  const folder = await mkdtemp(join(tmpdir(), "seatledger-packages-"));
  try {
    const path = join(folder, "package.zip");
    const began = performance.now();
    await makeElsewhere(path);
    tell(`${users} accounts packed in ${seconds(began)} s`);
    const result = await measure(path);
    const imported = values.import ? await bringIn(path) : null;
    report({ ...result, ...imported }, values.json);
    const whole = imported === null || imported.accountsStored === users;
    if (!result.complete || !whole || result.grewMegabytes > most) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
