import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** A program of ours to run. `env` is all it gets. */
export interface Program {
  readonly name: string;
  /** Arguments of this process's own Node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Every line it prints, on either stream. */
  readonly onLine: (line: string) => void;
  /** Milliseconds it may take to stop; 10 000 by default. */
  readonly stopDeadlineMs?: number;
}

/** A program that ended without being asked to. */
export interface UnexpectedEnd {
  readonly name: string;
  /** Its exit code; 1 when a signal ended it. */
  readonly code: number;
}

/** Programs that live and end together. */
export interface ProcessGroup {
  start(program: Program): ChildProcess;
  /** Resolves when the first program ends by itself. */
  readonly ended: Promise<UnexpectedEnd>;
  /** Stops all, the last one started first: SIGTERM, and SIGKILL after the deadline. May be called twice. */
  stop(): Promise<void>;
}

interface Child {
  readonly process: ChildProcess;
  readonly stopDeadlineMs: number;
}

/**
 * A group of child processes, each in a process group of its own: Ctrl-C reaches this process alone, which then stops
 * the children in order.
 */
export function createProcessGroup(): ProcessGroup {
  const children: Child[] = [];
  const { promise: ended, resolve: reportEnd } = Promise.withResolvers<UnexpectedEnd>();
  let stopping: Promise<void> | undefined;
  return {
    ended,
    start(program) {
      const child = spawn(process.execPath, [...program.args], {
        // Next makes NODE_ENV required in ProcessEnv; the children set it where they need it.
        env: { ...program.env } as unknown as NodeJS.ProcessEnv,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", program.onLine);
      }
      const report = (code: number | null) => {
        if (stopping === undefined) reportEnd({ name: program.name, code: code ?? 1 });
      };
      child.once("error", () => report(1));
      child.once("exit", report);
      children.push({ process: child, stopDeadlineMs: program.stopDeadlineMs ?? 10_000 });
      return child;
    },
    stop() {
      stopping ??= stopInOrder(children.toReversed());
      return stopping;
    },
  };
}

async function stopInOrder(children: readonly Child[]): Promise<void> {
  for (const child of children) await stopOne(child);
}

async function stopOne({ process: child, stopDeadlineMs }: Child): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const deadline = new AbortController();
  await Promise.race([
    gone,
    sleep(stopDeadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined),
  ]);
  deadline.abort();
  // Its own children, if it has any left, go with it.
  killGroup(child.pid);
  await gone;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}

/** Resolves with the first SIGINT, SIGTERM or SIGHUP. Later ones change nothing: stopping has a deadline. */
export function waitForStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, resolve);
  });
}

/** Prints lines of a program behind its name. */
export const prefixed = (name: string) => (line: string) =>
  process.stdout.write(`${name.padEnd(9)} | ${line}\n`);
