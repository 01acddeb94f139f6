import { setTimeout as sleep } from "node:timers/promises";
import { startWorkerProcess, type WorkerProcess } from "../testing/worker-process.ts";

/** Worker processes under a supervisor, as operators run them: one that ends is started again. */
export interface Crew {
  /** SIGKILL to one of those that work, chosen by `index`; false when none works at the moment. */
  kill(index: number): boolean;
  /** Workers that ended without being killed, with the end of what they wrote. */
  readonly died: readonly string[];
  /** The last lines of every worker's log, for a report. */
  logs(): readonly string[];
  close(): Promise<void>;
}

const restartMs = 500;
const tailLines = 25;
const tail = (output: string): string => output.trimEnd().split("\n").slice(-tailLines).join("\n");

/** Starts `size` workers and resolves when all of them work. */
export async function startCrew(
  env: Readonly<Record<string, string>>,
  size: number,
): Promise<Crew> {
  const working = new Map<number, WorkerProcess>();
  const died: string[] = [];
  let closing = false;

  const supervise = async (place: number, first: () => void): Promise<void> => {
    while (!closing) {
      // Refused while the database is away: the supervisor tries again.
      const worker = await startWorkerProcess(env).catch(() => null);
      if (worker === null) {
        await sleep(restartMs);
        continue;
      }
      working.set(place, worker);
      first();
      if (closing) void worker.end("SIGKILL");
      const code = await worker.ended();
      const killed = !working.delete(place);
      if (!killed && !closing) died.push(`exit ${code}:\n${tail(worker.output())}`);
    }
  };
  const loops: Promise<void>[] = [];
  await Promise.all(
    Array.from(
      { length: size },
      (_, place) =>
        new Promise<void>((resolve) => {
          loops.push(supervise(place, resolve));
        }),
    ),
  );

  return {
    died,
    kill(index) {
      const places = [...working.keys()].toSorted((a, b) => a - b);
      const place = places[index % Math.max(1, places.length)];
      const worker = place === undefined ? undefined : working.get(place);
      if (place === undefined || worker === undefined) return false;
      working.delete(place);
      void worker.end("SIGKILL");
      return true;
    },
    logs: () => [...working].map(([place, { output }]) => `worker ${place}:\n${tail(output())}`),
    async close() {
      closing = true;
      await Promise.all([...working.values()].map((worker) => worker.end("SIGKILL")));
      await Promise.all(loops);
    },
  };
}
