import { existsSync } from "node:fs";
import type { DatabaseLocation } from "#db/locate";
import {
  type CliEnv,
  EnvironmentError,
  findDatabaseLocation,
  parseCliEnv,
  parseWebEnv,
  parseWorkerEnv,
  type Source,
  type WebEnv,
  type WorkerEnv,
} from "./env/parse.ts";

/** The web program's environment, parsed once. Throws EnvironmentError with every problem at once. */
export const webEnv = once((): WebEnv => {
  const env = parseWebEnv(process.env);
  // next-auth reads this one by itself; it must equal APP_URL (reference/stack-notes.md §3).
  process.env.NEXTAUTH_URL = env.appUrl;
  return env;
});

/** The worker's environment, parsed once. Files: `.env.worker`, then `.env`; variables that are set win. */
export const workerEnv = once((): WorkerEnv => {
  loadFiles([".env.worker", ".env"]);
  return parseWorkerEnv(process.env);
});

/** What commands on the database need, parsed once. File: `.env`; variables that are set win. */
export const cliEnv = once((): CliEnv => {
  loadFiles([".env"]);
  return parseCliEnv(process.env);
});

/** What is wrong with a program's environment here, for `seatledger doctor`; empty when nothing is. */
export function environmentProblems(program: "web" | "worker"): readonly string[] {
  loadFiles(program === "worker" ? [".env.worker", ".env"] : [".env"]);
  try {
    if (program === "worker") parseWorkerEnv(process.env);
    else parseWebEnv(asStarted(process.env));
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

/** `npm start` passes the embedded server's URL on to the web program, which runs in production mode. */
function asStarted(source: Source): Source {
  const url = source.DATABASE_URL === "embedded" ? "postgres://web@localhost/embedded" : undefined;
  return {
    ...source,
    NODE_ENV: source.NODE_ENV ?? "production",
    ...(url === undefined ? {} : { DATABASE_URL: url }),
  };
}

/** Where DATABASE_URL leads; null when it is missing or wrong. */
export function programDatabase(): DatabaseLocation | null {
  loadFiles([".env"]);
  return findDatabaseLocation(process.env);
}

/** Next reads `.env` by itself; plain Node does not. */
function loadFiles(names: readonly string[]): void {
  for (const name of names) if (existsSync(name)) process.loadEnvFile(name);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
