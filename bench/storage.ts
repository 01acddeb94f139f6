import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import type postgres from "postgres";
import { type Database, openDatabase } from "../db/client.ts";
import { acquireEmbedded, destroyEmbedded } from "../db/embedded/acquire.ts";
import { migrateDatabase } from "../db/migrate.ts";
import { openOwner } from "../db/owner.ts";
import { withLookups } from "../db/queries/bulk-plans.ts";
import { compareChanges } from "../db/queries/change-record.ts";
import { listSetsToCompare } from "../db/queries/change-sets.ts";
import { createImportStore } from "../db/queries/import-store.ts";
import { createTestConnection, type TestConnection } from "../db/testing/import-fixtures.ts";
import type { ImportStore, RunHandle } from "../lib/import/ports.ts";
import { cleanUpWorkspace } from "../lib/services/clean-up.ts";
import { seedDirectory, seedSignIns, seedUsage } from "./publish-seed.ts";

interface Bench {
  readonly owner: postgres.Sql;
  readonly db: Database;
  readonly store: ImportStore;
  readonly connection: TestConnection;
  readonly users: number;
}

const round = (value: number, places = 1): number =>
  Math.round(value * 10 ** places) / 10 ** places;
const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** With what changed by it, as a worker finds it right after: until then the snapshot before stays. */
async function publish({ db, store }: Bench, run: RunHandle): Promise<void> {
  await store.facts(run);
  await store.publish(run);
  for (const set of await db.outside((tx) => listSetsToCompare(tx))) {
    await db.inWorkspace(set.workspaceId, (tx) => compareChanges(tx, set));
  }
}

const seedingOf = (bench: Bench, day: number) => ({
  ...bench,
  size: { users: bench.users, assignments: bench.users * 2.5, skus: 300, version: day },
});

interface TableSize {
  readonly table: string;
  readonly rows: number;
  readonly heap: number;
  readonly indexes: number;
  readonly total: number;
}

/** Bytes of the tables that grow with the tenant; TOAST is the rest of the total. */
async function tableSizes(owner: postgres.Sql): Promise<readonly TableSize[]> {
  const tables = await owner<Omit<TableSize, "rows">[]>`
    select c.relname as table, pg_relation_size(c.oid)::float8 as heap,
      pg_indexes_size(c.oid)::float8 as indexes, pg_total_relation_size(c.oid)::float8 as total
    from pg_class c
    where c.relkind = 'r' and pg_relation_size(c.oid) > 65536
      and (c.relname like 'snapshot\\_%' or c.relname in ('opportunity_groups', 'changes'))
    order by total desc`;
  const sizes: TableSize[] = [];
  for (const table of tables) {
    const [counted] = await owner<{ rows: number }[]>`
      select count(*)::float8 as rows from ${owner(table.table)}`;
    sizes.push({ ...table, rows: counted?.rows ?? 0 });
  }
  return sizes;
}

/** What one published tenant takes: bytes per row of each table, per account and per assignment. */
async function measureSizes(bench: Bench) {
  const seeding = seedingOf(bench, 0);
  await publish(bench, await seedSignIns(seeding));
  await publish(bench, await seedUsage(seeding));
  await publish(bench, await seedDirectory(seeding));
  const tables = await tableSizes(bench.owner);
  const total = tables.reduce((sum, table) => sum + table.total, 0);
  const assignments = tables.find(({ table }) => table === "snapshot_assignments");
  return {
    users: bench.users,
    bytesPerUser: round(total / bench.users, 0),
    bytesPerAssignment: round((assignments?.total ?? 0) / (bench.users * 2.5), 0),
    tables: tables.map(({ table, rows, heap, indexes, total: all }) => ({
      table,
      rows,
      bytesPerRow: round(all / rows),
      heap: round(heap / rows),
      indexes: round(indexes / rows),
      toast: round((all - heap - indexes) / rows),
    })),
  };
}

/** Latencies of a reader that pages through the published assignments all along, ms. */
class Reader {
  readonly #samples: number[] = [];
  #going = true;
  #done: Promise<void> = Promise.resolve();

  start(db: Database, { workspaceId, connectionId }: TestConnection): void {
    const page = async (from: number) => {
      const began = performance.now();
      await db.inWorkspace(workspaceId, async (tx) => {
        const [published] = await tx.execute<{ id: string }>(sql`
          select snapshot_id as id from dataset_epochs
          where workspace_id = ${workspaceId} and connection_id = ${connectionId} and dataset = 'directory'`);
        await withLookups(tx, () =>
          tx.execute(sql`
            select user_no, sku_no from snapshot_assignments
            where workspace_id = ${workspaceId} and snapshot_id = ${published?.id ?? 0}
              and user_no > ${from}
            order by user_no limit 100`),
        );
      });
      this.#samples.push(performance.now() - began);
    };
    const loop = async () => {
      for (let from = 0; this.#going; from = (from + 997) % 15_000) {
        await page(from);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    this.#done = loop();
  }

  /** Samples since the last call. */
  take() {
    const sorted = this.#samples.splice(0).toSorted((a, b) => a - b);
    const at = (share: number) => round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN);
    return {
      pages: sorted.length,
      p50: at(0.5),
      p99: at(0.99),
      max: round(sorted.at(-1) ?? Number.NaN),
    };
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#done;
  }
}

const big = ["snapshot_users", "snapshot_assignments", "opportunity_groups"] as const;

/** Autovacuum with its default threshold, at the end of each simulated day rather than within a minute of the clock. */
async function vacuumWhatIsDue(owner: postgres.Sql): Promise<readonly string[]> {
  await owner`select pg_stat_force_next_flush()`;
  const due = await owner<{ name: string }[]>`
    select relname as name from pg_stat_user_tables
    where n_dead_tup > 50 + 0.2 * n_live_tup and relname in ${owner(big)}`;
  for (const { name } of due) await owner`vacuum (analyze) ${owner(name)}`;
  return due.map(({ name }) => name);
}

const sizeOf = async (owner: postgres.Sql, tables: readonly string[]): Promise<number> => {
  const [row] = await owner<{ bytes: number }[]>`
    select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c
    where c.relname in ${owner([...tables])}`;
  return row?.bytes ?? 0;
};

/** Daily imports with about 1 % of the accounts changed; each is published, and what is out of reach removed in batches. */
async function simulateDays(bench: Bench, readerDb: Database, days: number) {
  const { owner, db, connection } = bench;
  const reader = new Reader();
  const sizes: number[] = [];
  let importing = { pages: 0, p50: 0, p99: 0, max: 0 };
  let cleaning = importing;
  let cleanSeconds = 0;
  let vacuums = 0;
  for (let day = 1; day <= days; day += 1) {
    await publish(bench, await seedDirectory(seedingOf(bench, day)));
    if (day === 1) reader.start(readerDb, connection);
    importing = worst(importing, reader.take());
    const began = performance.now();
    await cleanUpWorkspace({ db }, { ...connection, graceHours: 0 }, new AbortController().signal);
    cleanSeconds += (performance.now() - began) / 1000;
    cleaning = worst(cleaning, reader.take());
    vacuums += (await vacuumWhatIsDue(owner)).length;
    sizes.push(await sizeOf(owner, big));
    note(`day ${day}: ${round((sizes.at(-1) ?? 0) / 2 ** 20)} MiB`);
  }
  await reader.stop();
  const packed = await packedSize(bench);
  const last = sizes.at(-1) ?? 0;
  return {
    days,
    mebibytesOnDay: Object.fromEntries(
      [1, 2, 3, 4, 5, 10, 20, 30]
        .filter((day) => day <= days)
        .map((day) => [day, round((sizes[day - 1] ?? 0) / 2 ** 20)]),
    ),
    packedMebibytes: round(packed / 2 ** 20),
    bloat: round(last / packed, 2),
    growthPerDayMebibytes: round((last - (sizes[4] ?? last)) / Math.max(1, days - 5) / 2 ** 20, 2),
    cleanUpSecondsPerDay: round(cleanSeconds / days, 2),
    vacuums,
    readerMs: { whileImporting: importing, whileCleaningUp: cleaning },
  };
}

type Latency = ReturnType<Reader["take"]>;

const worst = (a: Latency, b: Latency): Latency => ({
  pages: a.pages + b.pages,
  p50: Math.max(a.p50, b.p50 || 0),
  p99: Math.max(a.p99, b.p99 || 0),
  max: Math.max(a.max, b.max || 0),
});

/** The same rows in tables without a hole. */
async function packedSize({ owner }: Bench): Promise<number> {
  for (const table of big) await owner`vacuum full ${owner(table)}`;
  return sizeOf(owner, big);
}

/**
 * The other method, on a copy of the assignments: a partition per snapshot, the oldest dropped. Tells what it costs the
 * reader: first alone, then while somebody's transaction has read the table and is still open for two seconds.
 */
async function tryPartitions(bench: Bench, days: number) {
  const { owner, connection } = bench;
  await owner.unsafe(`
    create table parted (like snapshot_assignments) partition by list (snapshot_id);
    alter table parted add primary key (workspace_id, snapshot_id, sku_no, user_no);
    create index on parted (workspace_id, snapshot_id, user_no)`);
  const [current] = await owner<{ id: string }[]>`
    select snapshot_id as id from dataset_epochs
    where connection_id = ${connection.connectionId} and dataset = 'directory'`;
  const latencies: number[] = [];
  let newest = 0;
  let going = true;
  const readPages = async () => {
    while (going) {
      const began = performance.now();
      await owner`
        select user_no, sku_no from parted where workspace_id = ${connection.workspaceId}
          and snapshot_id = ${newest} and user_no > 500 order by user_no limit 100`;
      latencies.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const take = () => {
    const sorted = latencies.splice(0).toSorted((a, b) => a - b);
    return {
      pages: sorted.length,
      p99: round(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN),
      max: round(sorted.at(-1) ?? Number.NaN),
    };
  };
  let reading: Promise<void> | null = null;
  for (let day = 1; day <= days; day += 1) {
    await owner.unsafe(`create table parted_${day} partition of parted for values in (${day})`);
    await owner.unsafe(`
      insert into parted select workspace_id, ${day}, sku_no, user_no, holds, direct, group_ids, in_error, error,
        assigned_at, disabled_plan_ids from snapshot_assignments where snapshot_id = ${current?.id ?? 0}`);
    newest = day;
    reading ??= readPages();
    if (day > 2) await owner.unsafe(`drop table parted_${day - 2}`);
  }
  const alone = take();
  const held = owner.begin(async (long) => {
    await long`select 1 from parted limit 1`;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await owner.unsafe(`drop table parted_${days - 1}`);
  await held;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const behindReader = take();
  going = false;
  await reading;
  const [size] = await owner<{ bytes: number }[]>`
    select pg_total_relation_size(${`parted_${days}`}::regclass)::float8 as bytes`;
  return {
    readerMs: { alone, behindReader },
    mebibytesOfOneSnapshot: round((size?.bytes ?? 0) / 2 ** 20),
  };
}

/**
 * `node bench/storage.ts --users N [--days D] [--json]`: bytes per account and assignment of one published tenant; with
 * days, growth and bloat of daily imports under clean-up and what readers notice, and the same of partitions.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "20000" },
    days: { type: "string", default: "0" },
    json: { type: "boolean", default: false },
  },
});
const dataDir = mkdtempSync(join(tmpdir(), "seatledger-bench-"));
const lease = await acquireEmbedded(dataDir);
try {
  await migrateDatabase(lease.urls.owner);
  const owner = openOwner(lease.urls.owner, { max: 4 });
  const open = () =>
    openDatabase({ url: lease.urls.worker, role: "worker", applicationName: "bench", max: 1 });
  const [db, readerDb] = await Promise.all([open(), open()]);
  const bench: Bench = {
    owner,
    db,
    store: createImportStore(db),
    connection: await createTestConnection({ ownerSql: owner }),
    users: Number(values.users),
  };
  const days = Number(values.days);
  const sizes = await measureSizes(bench);
  const growth = days === 0 ? null : await simulateDays(bench, readerDb, days);
  const partitions = days === 0 ? null : await tryPartitions(bench, 10);
  const result = { sizes, growth, partitions };
  process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
  await Promise.all([db.close(), readerDb.close(), owner.end({ timeout: 5 })]);
} finally {
  await lease.release();
  await destroyEmbedded(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
}
