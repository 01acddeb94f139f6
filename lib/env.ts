import { existsSync } from "node:fs";
import {
  type CliEnv,
  parseCliEnv,
  parseWebEnv,
  parseWorkerEnv,
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
