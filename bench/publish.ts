import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { type Database, openDatabase } from "../db/client.ts";
import { acquireEmbedded, destroyEmbedded } from "../db/embedded/acquire.ts";
import { migrateDatabase } from "../db/migrate.ts";
import { openOwner } from "../db/owner.ts";
import { compareChanges } from "../db/queries/change-record.ts";
import { listSetsToCompare } from "../db/queries/change-sets.ts";
import { createImportStore } from "../db/queries/import-store.ts";
import { recomputeReconciliation } from "../db/queries/reconcile.ts";
import { createTestConnection } from "../db/testing/import-fixtures.ts";
import type { ImportStore, RunHandle } from "../lib/import/ports.ts";
import { seedDirectory, seedSignIns, seedUsage, type TenantSize } from "./publish-seed.ts";

/** What a piece of work took: by the clock, and of the processor in the database's process of the session (Linux). */
interface Spent {
  readonly seconds: number;
  readonly cpuSeconds: number | null;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Processor seconds of a process so far: fields 14 and 15 of its stat, in hundredths. */
function processorSeconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

type Timer = (work: () => Promise<unknown>) => Promise<Spent>;

/** The session has one connection, hence one process. */
async function timerOf(db: Database): Promise<Timer> {
  const [backend] = await db.outside((tx) =>
    tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`),
  );
  if (backend === undefined) throw new Error("A session has a process.");
  return async (work) => {
    const cpu = processorSeconds(backend.pid);
    const began = performance.now();
    await work();
    const seconds = round((performance.now() - began) / 1000);
    const after = processorSeconds(backend.pid);
    return { seconds, cpuSeconds: cpu === null || after === null ? null : round(after - cpu) };
  };
}

const sum = (...parts: readonly Spent[]): Spent => ({
  seconds: round(parts.reduce((total, part) => total + part.seconds, 0)),
  cpuSeconds: parts.every((part) => part.cpuSeconds !== null)
    ? round(parts.reduce((total, part) => total + (part.cpuSeconds ?? 0), 0))
    : null,
});

const ratio = (of: Spent, to: Spent) => ({
  seconds: round(of.seconds / to.seconds),
  cpuSeconds: of.cpuSeconds && to.cpuSeconds ? round(of.cpuSeconds / to.cpuSeconds) : null,
});

const note = (text: string): void => void process.stderr.write(`${text}\n`);

const ratios = (
  of: Spent,
  to: { readonly plain: Spent; readonly scan: Spent; readonly perSku: Spent },
) => ({
  toPlain: ratio(of, to.plain),
  toScan: ratio(of, to.scan),
  toPerSku: ratio(of, to.perSku),
});

/**
 * What everything is measured against: one plain scan of the assignments of the snapshot, by the same role and session,
 * with the session's own settings. Best of three after a warm-up, so that the yardstick is short rather than long. `plain`
 * counts the accounts that hold anything, from an index if the planner likes; `scan` is the same count made from the
 * table itself, with indexes off: it reads the rows of every snapshot the table holds; `perSku` is the least that answers
 * what a license consumes.
 */
const yardsticks = {
  plain: sql`count(distinct user_no)`,
  scan: sql`count(distinct user_no)`,
  perSku: sql`sku_no, count(distinct user_no)`,
} as const;

async function measureScan(
  db: Database,
  timed: Timer,
  run: RunHandle,
  yardstick: keyof typeof yardsticks,
): Promise<Spent> {
  const scan = () =>
    db.inWorkspace(run.workspaceId, async (tx) => {
      if (yardstick === "scan") {
        for (const way of ["indexscan", "indexonlyscan", "bitmapscan"]) {
          await tx.execute(sql.raw(`set local enable_${way} = off`));
        }
      }
      await tx.execute(sql`
        select ${yardsticks[yardstick]} from snapshot_assignments
        where workspace_id = ${run.workspaceId} and snapshot_id = ${run.snapshotId}
        ${yardstick === "perSku" ? sql`group by sku_no` : sql``}`);
    });
  await scan();
  const scans = [await timed(scan), await timed(scan), await timed(scan)];
  return scans.toSorted((a, b) => a.seconds - b.seconds)[0] ?? { seconds: NaN, cpuSeconds: null };
}

const measureScans = async (db: Database, timed: Timer, run: RunHandle) => ({
  plain: await measureScan(db, timed, run, "plain"),
  scan: await measureScan(db, timed, run, "scan"),
  perSku: await measureScan(db, timed, run, "perSku"),
});

interface Session {
  readonly db: Database;
  readonly store: ImportStore;
  readonly timed: Timer;
}

/** `together`: from the last page committed to the new figures being what everybody sees. `changes` come after that. */
async function publish({ db, store, timed }: Session, run: RunHandle) {
  const facts = await timed(async () => {
    if ((await store.facts(run)) === "superseded") throw new Error("The run is ours.");
  });
  let outcome = "";
  const publishAndReconcile = await timed(async () => {
    outcome = await store.publish(run);
  });
  const changes = await timed(async () => {
    for (const set of await db.outside((tx) => listSetsToCompare(tx))) {
      await db.inWorkspace(set.workspaceId, (tx) => compareChanges(tx, set));
    }
  });
  const together = sum(facts, publishAndReconcile);
  return { outcome, facts, publishAndReconcile, together, changes };
}

/** The same, measured against scans of the very rows that are about to be published. */
async function publishAgainstScans(session: Session, run: RunHandle) {
  const scans = await measureScans(session.db, session.timed, run);
  const published = await publish(session, run);
  const result = { ...published, scans, ratios: ratios(published.together, scans) };
  note(JSON.stringify(result));
  return result;
}

async function measure(
  urls: { readonly owner: string; readonly worker: string },
  size: TenantSize,
) {
  const owner = openOwner(urls.owner);
  const db = await openDatabase({
    url: urls.worker,
    role: "worker",
    applicationName: "bench",
    max: 1,
  });
  try {
    const timed = await timerOf(db);
    const store = createImportStore(db);
    const session = { db, store, timed };
    const connection = await createTestConnection({ ownerSql: owner });
    const seeding = { owner, db, store, connection, size };
    note("sign-ins and usage");
    const signIns = await publish(session, await seedSignIns(seeding));
    const usage = await publish(session, await seedUsage(seeding));
    note("directory");
    const firstImport = await publishAgainstScans(session, await seedDirectory(seeding));
    const next = await seedDirectory({ ...seeding, size: { ...size, version: 1 } });
    const nextImport = await publishAgainstScans(session, next);
    const same = await seedDirectory({ ...seeding, size: { ...size, version: 1 } });
    const unchanged = await publish(session, same);
    const recompute = await timed(() =>
      db.inWorkspace(connection.workspaceId, (tx) =>
        recomputeReconciliation(tx, { ...connection, cause: "daily" }),
      ),
    );
    const scans = await measureScans(db, timed, next);
    return {
      ...size,
      signIns,
      usage,
      first: firstImport,
      next: nextImport,
      unchanged,
      recompute: { ...recompute, scans, ratios: ratios(recompute, scans) },
    };
  } finally {
    await Promise.all([db.close(), owner.end({ timeout: 5 })]);
  }
}

/**
 * `node bench/publish.ts --users N [--assignments M] [--skus S] [--json]`: seconds of validating, publishing and
 * reconciling a tenant against one scan of its assignments. Progress goes to stderr.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "100000" },
    assignments: { type: "string" },
    skus: { type: "string", default: "300" },
    json: { type: "boolean", default: false },
    /** Keeps the database for a look at its plans. */
    keep: { type: "string" },
  },
});
const users = Number(values.users);
const dataDir = values.keep ?? mkdtempSync(join(tmpdir(), "seatledger-bench-"));
const lease = await acquireEmbedded(dataDir);
try {
  await migrateDatabase(lease.urls.owner);
  const result = await measure(lease.urls, {
    users,
    assignments: Number(values.assignments ?? users * 2.5),
    skus: Number(values.skus),
    version: 0,
  });
  process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
} finally {
  await lease.release();
  if (values.keep === undefined) {
    await destroyEmbedded(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
