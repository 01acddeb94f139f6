import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * `npm run bench -- <name> [options]`: runs `bench/<name>.ts` in a process of its own. Benchmarks that measure other
 * programs need this folder's own packages, which are installed here on first use and never by CI.
 */
const folder = import.meta.dirname;
const needsPackages: ReadonlySet<string> = new Set(["peers"]);

/** One word is a benchmark; `<word>-<part>.ts` is a part of one. */
const names = readdirSync(folder)
  .map((file) => /^([a-z]+)\.ts$/.exec(file)?.[1])
  .filter((name) => name !== undefined && name !== "main");

const run = (command: string, args: readonly string[], cwd: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      // What an installer prints is no result.
      stdio: ["inherit", command === process.execPath ? "inherit" : 2, "inherit"],
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });

const [name, ...options] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`Usage: npm run bench -- <${names.join(" | ")}> [options]`);
  process.exit(1);
}
if (needsPackages.has(name) && !existsSync(join(folder, "node_modules", ".package-lock.json"))) {
  const installed = await run("npm", ["ci", "--ignore-scripts", "--no-audit"], folder);
  if (installed !== 0) process.exit(installed);
}
process.exitCode = await run(
  process.execPath,
  [join(folder, `${name}.ts`), ...options],
  join(folder, ".."),
);
