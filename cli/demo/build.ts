import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../command.ts";

const sources = [
  "app",
  "components",
  "db",
  "lib",
  "public",
  "instrumentation.ts",
  "next.config.ts",
  "package-lock.json",
  "package.json",
  "postcss.config.mjs",
  "proxy.ts",
  "tsconfig.json",
];
const hashFile = join(".next", "sources.sha256");

export interface BuildOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Ends a build that is under way. */
  readonly signal: AbortSignal;
  /** Called before a build, which takes a while. */
  readonly announce: () => void;
}

/** Builds the web program when there is no build of exactly these sources. Throws CommandError with its output. */
export async function ensureBuild({ env, signal, announce }: BuildOptions): Promise<void> {
  const hash = hashSources();
  const isBuilt =
    existsSync(join(".next", "BUILD_ID")) &&
    existsSync(hashFile) &&
    readFileSync(hashFile, "utf8") === hash;
  if (isBuilt) return;
  announce();
  await build(env, signal);
  writeFileSync(hashFile, hash);
}

/** SHA-256 over names and contents: a checkout that changes times only needs no build. */
function hashSources(): string {
  const hash = createHash("sha256");
  for (const path of sources.flatMap(listFiles)) {
    hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function listFiles(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  if (path.includes(".")) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function build(env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      signal,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
    }
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new CommandError(`The build failed.\n${output}`)),
    );
  });
}
