import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { ensureInstalled, node, requireNode, root } from "./bootstrap.mjs";
import { ensureChromium } from "./chromium.mjs";

/** Everything CI runs, in this order; the first failure ends it. */
const steps = [
  ["format and lint", "@biomejs/biome/bin/biome", "ci", "."],
  ["route types", "next/dist/bin/next", "typegen"],
  ["types", "typescript/bin/tsc", "--noEmit"],
  ["unit tests", "vitest/vitest.mjs", "run", "--project", "unit"],
  ["integration tests", "vitest/vitest.mjs", "run", "--project", "integration"],
  ["build", "next/dist/bin/next", "build"],
  ["end-to-end tests", "@playwright/test/cli.js", "test"],
];

requireNode();
ensureInstalled();
const chromium = ensureChromium();
const env = {
  ...process.env,
  PATH: `${dirname(node)}:${join(root, "node_modules", ".bin")}:${process.env.PATH ?? ""}`,
  CHROMIUM_PATH: chromium,
  NEXT_TELEMETRY_DISABLED: "1",
};

let running;
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => running?.kill(signal));
// The terminal sends Ctrl-C to the running step as well: its end ends this.
process.on("SIGINT", () => undefined);

const begin = performance.now();
for (const [name, script, ...args] of steps) {
  console.log(`\n── ${name} ${"─".repeat(Math.max(0, 70 - name.length))}`);
  const from = performance.now();
  const code = await run([join("node_modules", script), ...args]);
  console.log(
    `── ${name}: ${code === 0 ? "passed" : `FAILED (exit code ${code})`} in ${since(from)}`,
  );
  if (code !== 0) process.exit(code);
}
console.log(`\nAll ${steps.length} steps passed in ${since(begin)}.`);

function run(args) {
  return new Promise((resolve) => {
    running = spawn(node, args, { cwd: root, stdio: "inherit", env });
    running.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    running.once("exit", (code) => resolve(code ?? 1));
  });
}

function since(from) {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
