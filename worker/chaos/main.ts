import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { isClean } from "./report.ts";
import { runChaos } from "./run-chaos.ts";

/**
 * `npm run chaos -- --kills 200 --seed 7 --json`: exit code 1 when a reader was shown something wrong or an import did
 * not come back by itself. Ctrl-C ends it early, with the figures so far. The seed decides tenants, changes and kills; docs/reliability.md has the last figures.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: String(randomInt(1_000_000)) },
    lanes: { type: "string", default: "6" },
    workers: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});

function positive(name: "kills" | "seed" | "lanes" | "workers"): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  process.stderr.write(`--${name} takes a whole number above 0.\n`);
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const startedAt = Date.now();
const report = await runChaos({
  kills: positive("kills"),
  seed: positive("seed"),
  lanes: positive("lanes"),
  workers: positive("workers"),
  signal: stop.signal,
  progress: (line) =>
    process.stderr.write(
      `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${line}\n`,
    ),
});

if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
else for (const [name, value] of Object.entries(report)) console.log(`${name}:`, value);
const repeat = `npm run chaos -- --kills ${report.kills} --seed ${report.seed}`;
if (!isClean(report)) process.stderr.write(`Something went wrong; repeat it with: ${repeat}\n`);
process.exit(isClean(report) ? 0 : 1);
