import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A real worker process, as operators start it. */
export interface WorkerProcess {
  readonly pid: number;
  /** Everything it wrote so far, stdout and stderr. */
  output(): string;
  /** Resolves when a log line with this event appears. */
  saw(event: string): Promise<void>;
  /** Sends the signal and resolves with the exit code; null when the signal ended it. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
  /** Resolves with the exit code when it ends by itself. */
  ended(): Promise<number | null>;
  /** Freezes it, as a machine that hangs would, until it is continued. */
  freeze(): void;
  thaw(): void;
}

/** Runs a worker that is expected to refuse its start. */
export async function refusedWorkerProcess(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { exited, output } = launch(env);
  const code = await exited;
  return { code, output: output() };
}

/**
 * Starts `node worker/main.ts`, or another command that becomes one, with this environment and nothing else of ours.
 * Resolves when it works.
 */
export async function startWorkerProcess(
  env: Readonly<Record<string, string>>,
  command: readonly string[] = workerCommand,
): Promise<WorkerProcess> {
  const { child, exited, output, listeners } = launch(env, command);
  const saw = (event: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (output().includes(`"event":"${event}"`)) resolve();
        else if (child.exitCode !== null) reject(new Error(`The worker ended:\n${output()}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  await saw("worker-started");
  return {
    pid: child.pid ?? 0,
    output,
    saw,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
    ended: () => exited,
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
  };
}

const workerCommand = [process.execPath, "worker/main.ts"] as const;

function launch(
  env: Readonly<Record<string, string>>,
  [program = process.execPath, ...args]: readonly string[] = workerCommand,
) {
  const child = spawn(program, args, {
    cwd: root,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", NODE_ENV: "test", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  const exited = new Promise<number | null>((resolve) => {
    child.on("exit", (code) => {
      resolve(code);
      for (const listener of listeners) listener();
    });
  });
  return { child, exited, listeners, output: () => text };
}
