import { spawn } from "node:child_process";
import type { Place } from "./place.ts";

export interface Outcome {
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/**
 * Runs one of PostgreSQL's programs as the server's user, with an environment that holds nothing of ours.
 * Next makes NODE_ENV required in ProcessEnv, hence the named type of the environment.
 */
export function runProgram(
  place: Place,
  program: string,
  args: readonly string[],
): Promise<Outcome> {
  const env: Record<string, string> = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd: place.base,
      // Safe: Next declares NODE_ENV as always there, which a program that is not ours need not have.
      env: env as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
      ...(place.user === null ? {} : { uid: place.user.uid, gid: place.user.gid }),
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: output.trim() }));
  });
}
