import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { acquireEmbedded, type DatabaseUrls, destroyEmbedded } from "./acquire.ts";
import { type Place, preparePlace } from "./place.ts";

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === "linux";
const holderProgram = join(import.meta.dirname, "..", "testing", "hold-lease.ts");

let dataDir: string;
let place: Place;
let holders: ChildProcess[];

beforeAll(async () => {
  // mkdtemp makes the folder 0700 for the current user, as a home is.
  dataDir = mkdtempSync(join(tmpdir(), "seatledger-launcher-"));
  place = await preparePlace(dataDir);
});
beforeEach(() => {
  holders = [];
});
afterEach(() => {
  for (const holder of holders) holder.kill("SIGKILL");
});
afterAll(async () => {
  await destroyEmbedded(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

interface Holder {
  readonly urls: DatabaseUrls;
  readonly process: ChildProcess;
  leave(): Promise<void>;
}

/** Another program that holds a lease. */
async function hold(): Promise<Holder> {
  const child = spawn(process.execPath, [holderProgram, dataDir], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, SECRET_OF_THE_STARTER: "must not leak" },
  });
  holders.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return {
    urls: JSON.parse(String(line)),
    process: child,
    async leave() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function query<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 3, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const postmaster = (): number =>
  Number(readFileSync(join(place.data, "postmaster.pid"), "utf8").split("\n")[0]);

test("programs that come at once share one server; the last one out stops it", async () => {
  const [first, ...others] = await Promise.all([hold(), hold(), hold(), hold()]);
  for (const other of others) expect(other.urls).toEqual(first.urls);
  expect(await query(first.urls.web, (sql) => sql`select current_user as name`)).toEqual([
    { name: "seatledger_web" },
  ]);
  for (const other of others) await other.leave();
  expect(await query(first.urls.worker, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await first.leave();
  expect(existsSync(join(place.data, "postmaster.pid"))).toBe(false);
  await expect(query(first.urls.web, (sql) => sql`select 1`)).rejects.toThrow(/ECONNREFUSED/);
});

test("a server killed with -9 is started again with its data", async () => {
  const before = await acquireEmbedded(dataDir);
  await query(before.urls.owner, async (sql) => {
    await sql`create table kept (n int)`;
    await sql`insert into kept values (42)`;
  });
  process.kill(postmaster(), "SIGKILL");
  const after = await acquireEmbedded(dataDir);
  try {
    expect(await query(after.urls.owner, (sql) => sql`select n from kept`)).toEqual([{ n: 42 }]);
  } finally {
    await after.release();
    await before.release();
  }
});

test("a program killed with -9 does not keep the server alive, nor the lock", async () => {
  const killed = await hold();
  const mine = await acquireEmbedded(dataDir);
  killed.process.kill("SIGKILL");
  await once(killed.process, "exit");
  await mine.release();
  expect(existsSync(join(place.data, "postmaster.pid"))).toBe(false);
});

test("a lease may be released twice, and the data outlives the server", async () => {
  const first = await acquireEmbedded(dataDir);
  await query(first.urls.owner, (sql) => sql`create table outlives (n int)`);
  await first.release();
  await first.release();
  const second = await acquireEmbedded(dataDir);
  try {
    expect(
      await query(second.urls.owner, (sql) => sql`select count(*)::int as n from outlives`),
    ).toEqual([{ n: 0 }]);
  } finally {
    await second.release();
  }
});

test("passwords are private, initdb's is gone, and every connection needs one", async () => {
  const lease = await acquireEmbedded(dataDir);
  try {
    expect(statSync(join(place.base, "passwords.json")).mode & 0o777).toBe(0o600);
    expect(statSync(place.data).mode & 0o777).toBe(0o700);
    expect(readdirSync(place.base).filter((name) => name.includes("initdb"))).toEqual([]);
    const url = new URL(lease.urls.web);
    url.password = "wrong";
    await expect(query(url.href, (sql) => sql`select 1`)).rejects.toThrow(/password/);
    const [durable] = await query(
      lease.urls.web,
      (sql) =>
        sql`select current_setting('fsync') as fsync, current_setting('data_checksums') as sums`,
    );
    expect(durable).toEqual({ fsync: "on", sums: "on" });
  } finally {
    await lease.release();
  }
});

test.runIf(isLinux)("the server sees nothing of its starter's environment", async () => {
  const holder = await hold();
  const environment = readFileSync(`/proc/${postmaster()}/environ`, "utf8");
  expect(environment).not.toContain("must not leak");
  expect(environment).toContain("LC_ALL=C.UTF-8");
  await holder.leave();
});

test.runIf(isRoot)("as root it runs as a system user outside the 0700 home", async () => {
  const lease = await acquireEmbedded(dataDir);
  try {
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(place.data.startsWith(dataDir)).toBe(false);
    expect(statSync(place.data).uid).not.toBe(0);
    expect(readFileSync(`/proc/${postmaster()}/status`, "utf8")).toMatch(
      new RegExp(`^Uid:\\t${place.user?.uid}\\t`, "m"),
    );
    expect(readdirSync(dataDir)).toEqual([]);
  } finally {
    await lease.release();
  }
});

test("data whose server is in use is not destroyed", async () => {
  const lease = await acquireEmbedded(dataDir);
  await expect(destroyEmbedded(dataDir)).rejects.toThrow(/in use/);
  await lease.release();
});
