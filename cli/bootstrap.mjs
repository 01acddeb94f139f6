import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Node 24 as installed by npm: everything but this bootstrap runs on it. */
export const node = join(root, "node_modules", "node", "bin", "node");

/** Plain Node of at least version 20 is all a fresh clone needs. Ends the process otherwise. */
export function requireNode() {
  if (Number(process.versions.node.split(".")[0]) >= 20) return;
  console.error(`Seatledger needs Node 20 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Runs `npm ci` when packages are missing or older than the lock file, and mends a skipped install script of `node`. */
export function ensureInstalled() {
  const installed = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
  if (!isCurrent) {
    console.log("Installing packages (npm ci) …");
    npm(["ci", "--include=dev", "--no-audit", "--no-fund"]);
  }
  if (spawnSync(node, ["--version"]).status !== 0) npm(["rebuild", "node"]);
}

function npm(args) {
  const script = process.env.npm_execpath;
  const [command, first] = script ? [process.execPath, [script]] : ["npm", []];
  const { status } = spawnSync(command, [...first, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Runs one of our programs on Node 24 in this process's place: same terminal, and its exit code is ours. Ctrl-C reaches
 * it through the terminal; SIGTERM is passed on.
 */
export function become(args) {
  const path = `${dirname(node)}:${join(root, "node_modules", ".bin")}:${process.env.PATH ?? ""}`;
  const child = spawn(node, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.once("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.once("exit", (code) => process.exit(code ?? 1));
}
