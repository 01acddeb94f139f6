import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";

export interface VisitFigures {
  readonly firstMs: number;
  readonly ms: number;
  readonly processorMs: number;
  readonly rows: number;
}

/** The database's process of a pool of one connection. */
export async function serverProcess(db: Database): Promise<number> {
  const [backend] = await db.outside((tx) =>
    tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`),
  );
  if (backend === undefined) throw new Error("A session has a process.");
  return backend.pid;
}

/** Processor time of a process so far, ms: fields 14 and 15 of its stat, in hundredths of a second. NaN elsewhere than Linux. */
export function processorMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

const middleOf = (three: readonly number[]): number => three.toSorted((a, b) => a - b)[1] ?? 0;

/** By the clock the first time, then the median of three; of them the processor time of the database's process, ms. */
export async function measureVisit(
  ask: () => Promise<number>,
  backend: number,
): Promise<VisitFigures> {
  const times: number[] = [];
  const processor: number[] = [];
  let rows = 0;
  for (let no = 0; no < 4; no += 1) {
    const began = performance.now();
    const cpu = processorMs(backend);
    rows = await ask();
    times.push(Math.round(performance.now() - began));
    processor.push(processorMs(backend) - cpu);
  }
  const [firstMs = 0, ...rest] = times;
  return { firstMs, ms: middleOf(rest), processorMs: middleOf(processor.slice(1)), rows };
}

/** What a piece of work takes once: by the clock, and of the processor in the database's process of the session. */
export async function spent(backend: number, work: () => Promise<void>) {
  const began = performance.now();
  const cpu = processorMs(backend);
  await work();
  const ms = Math.round(performance.now() - began);
  return { ms, processorMs: processorMs(backend) - cpu };
}
