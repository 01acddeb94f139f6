import { readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { superuserUrl } from "./cluster.ts";
import type { Passwords } from "./passwords.ts";
import type { Place } from "./place.ts";
import { runProgram } from "./run.ts";

const startTimeoutMs = 90_000;

/** For a laptop that runs everything at once. fsync and full_page_writes keep PostgreSQL's safe defaults. */
const settings = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "shared_buffers=256MB",
  "max_connections=200",
  "work_mem=16MB",
  "maintenance_work_mem=128MB",
  "min_wal_size=80MB",
  "max_wal_size=1GB",
  "checkpoint_timeout=10min",
  "log_checkpoints=off",
  "jit=off",
  "timezone=UTC",
];

export interface RunningServer {
  readonly port: number;
}

/**
 * Joins the server of this data folder or starts it. Only a port that answers for our data counts as running:
 * after kill -9 of the postmaster pg_ctl says "running" for a moment longer (reference/stack-notes.md §5).
 * Call under the lock. Throws with the server's own words when it does not come up in 90 s.
 */
export async function ensureRunning(place: Place, passwords: Passwords): Promise<RunningServer> {
  const deadline = Date.now() + startTimeoutMs;
  let lastProblem = "";
  while (Date.now() < deadline) {
    const noted = findPostmaster(place);
    if (noted !== undefined && (await answers(place, passwords, noted.port))) {
      return { port: noted.port };
    }
    if (noted !== undefined && (await isRunning(place))) {
      if (isSomebodyElse(place, noted.pid)) rmSync(join(place.data, "postmaster.pid"));
      else await sleep(200);
      continue;
    }
    const port = await findFreePort();
    const outcome = await runProgram(place, place.binaries.pgCtl, [
      "start",
      "-w",
      "-t",
      "60",
      "-D",
      place.data,
      "-l",
      join(place.data, "server.log"),
      "-o",
      [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(" "),
    ]);
    if (outcome.code === 0) return { port };
    lastProblem = `${outcome.output}\n${tailOfLog(place)}`;
    // Children of a killed postmaster hold its shared memory until they notice.
    await sleep(500);
  }
  throw new Error(`The embedded PostgreSQL in ${place.data} did not start.\n${lastProblem}`);
}

/** Stops the server and waits until it is down. No error when it was down already. Call under the lock. */
export async function stopServer(place: Place): Promise<void> {
  if (!(await isRunning(place))) return;
  const outcome = await runProgram(place, place.binaries.pgCtl, [
    "stop",
    "-m",
    "fast",
    "-w",
    "-t",
    "60",
    "-D",
    place.data,
  ]);
  if (outcome.code !== 0 && (await isRunning(place))) {
    throw new Error(`The embedded PostgreSQL in ${place.data} did not stop.\n${outcome.output}`);
  }
}

const isRunning = async (place: Place): Promise<boolean> =>
  (await runProgram(place, place.binaries.pgCtl, ["status", "-D", place.data])).code === 0;

/** Pid and port as the server notes them: lines 1 and 4 of postmaster.pid. */
function findPostmaster(place: Place): { readonly pid: number; readonly port: number } | undefined {
  try {
    const lines = readFileSync(join(place.data, "postmaster.pid"), "utf8").split("\n");
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 && port > 0 ? { pid, port } : undefined;
  } catch {
    return undefined;
  }
}

async function answers(place: Place, passwords: Passwords, port: number): Promise<boolean> {
  const sql = postgres(superuserUrl(passwords, port), { max: 1, connect_timeout: 2 });
  try {
    const [row] = await sql<{ folder: string }[]>`
      select current_setting('data_directory') as folder`;
    return row !== undefined && realpathSync(row.folder) === realpathSync(place.data);
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A pid given to another program since a crash; a postmaster works inside its data folder. */
function isSomebodyElse(place: Place, pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) !== realpathSync(place.data);
  } catch {
    return false;
  }
}

function tailOfLog(place: Place): string {
  try {
    return readFileSync(join(place.data, "server.log"), "utf8").split("\n").slice(-15).join("\n");
  } catch {
    return "";
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("No free port was found.")),
      );
    });
  });
}
