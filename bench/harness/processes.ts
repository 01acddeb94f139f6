import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A program as its operator starts it, with this environment and nothing else of ours. */
export interface Program {
  readonly pid: number;
  /** Everything it wrote so far, stdout and stderr. */
  output(): string;
  /** The first line of stdout that `find` takes. Rejects when the program ends before. */
  line<T>(find: (line: string) => T | undefined): Promise<T>;
  /** Most memory it ever had resident, MB (VmHWM); of a program that has ended, the last that was seen. */
  peakRssMb(): number;
  /** Sends the signal and resolves with the exit code; null when a signal ended it. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

/** Starts `node <args>` in the repository. `stdout`: a file for it, which is closed here. */
export function startNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdout: number | "pipe" = "pipe",
): Program {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", NODE_ENV: "production", ...env },
    stdio: ["ignore", stdout, "pipe"],
  });
  if (typeof stdout === "number") closeSync(stdout);
  let text = "";
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      tell();
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on("exit", (code) => {
      resolve(code);
      tell();
    });
  });
  const pid = child.pid ?? 0;
  const peakRssMb = peakRss(pid);
  // Its peak cannot be asked for once it has ended.
  const watch = setInterval(peakRssMb, 100);
  void ended.then(() => clearInterval(watch));
  return {
    pid,
    output: () => text,
    line: (find) => findLine(child, listeners, () => text, find),
    peakRssMb,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}

function findLine<T>(
  child: ChildProcess,
  listeners: Set<() => void>,
  output: () => string,
  find: (line: string) => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const lines = output().split("\n").slice(0, -1);
      const found = lines.map(find).find((value) => value !== undefined);
      if (found !== undefined) resolve(found);
      else if (child.exitCode !== null || child.signalCode !== null)
        reject(new Error(`The program ended:\n${output()}`));
      else return;
      listeners.delete(look);
    };
    listeners.add(look);
    look();
  });
}

/** Arguments of `node` in an npm script, so that a benchmark runs what operators run. */
export function scriptArguments(name: string): readonly string[] {
  const manifest: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const [program, ...args] = manifest.scripts[name]?.split(" ") ?? [];
  if (program !== "node") throw new Error(`npm run ${name} is no plain node command.`);
  return args;
}

/** VmHWM of /proc, MB. Linux only: elsewhere NaN, which JSON shows as null. */
function peakRss(pid: number): () => number {
  let last = Number.NaN;
  return () => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
      if (kilobytes !== undefined) last = Math.round(Number(kilobytes) / 1024);
    } catch {
      // It has ended.
    }
    return last;
  };
}
