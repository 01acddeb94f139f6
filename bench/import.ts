import { parseArgs } from "node:util";
import { createWorkspace } from "../db/testing/factories.ts";
import type { FloorTask } from "./floor/reads.ts";
import { type Arena, finishedImport, openArena, requestImport } from "./harness/arena.ts";
import { scriptArguments, startNode } from "./harness/processes.ts";
import { report, tell } from "./harness/report.ts";
import type { BenchTenant } from "./harness/simulator.ts";
import { compareWithTruth, loadTruth, snapshotRows } from "./harness/truth.ts";

/**
 * One import of a directory by a real worker, against the truth and against the floor.
 *
 * `--users N`; `--latency MS` before every answer of Graph; `--floors 0|1|2` runs of the floor, before and after the
 * import (their mean counts); `--profile DIR` writes a CPU profile of the worker; `--json` one line.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "100000" },
    skus: { type: "string" },
    latency: { type: "string", default: "0" },
    floors: { type: "string", default: "2" },
    profile: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const users = Number(values.users);
const latencyMs = Number(values.latency);

interface FloorFigures {
  readonly seconds: number;
  readonly requests: number;
  readonly peakRssMb: number;
}

/** One run of the floor in a process with the worker's own settings of node. */
async function runFloor(arena: Arena, tenant: BenchTenant, no: number): Promise<FloorFigures> {
  const { workspaceId } = await createWorkspace(arena.server);
  const task: FloorTask = {
    graphOrigin: arena.simulator.graphOrigin,
    token: await tenant.token(),
    databaseUrl: arena.server.urls.worker,
    workspaceId,
    snapshotId: -no,
  };
  const flags = scriptArguments("worker").filter((argument) => argument.startsWith("--"));
  const floor = startNode([...flags, "bench/floor/main.ts", JSON.stringify(task)]);
  const figures = await floor.line((line): FloorFigures | undefined =>
    line.startsWith("{") ? JSON.parse(line) : undefined,
  );
  await floor.ended;
  tell("floor", figures);
  return figures;
}

const mean = (numbers: readonly number[]): number | null =>
  numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number) / numbers.length;

async function measure(arena: Arena) {
  const { ownerSql } = arena.server;
  const tenant = await arena.simulator.addTenant({
    seed: "bench",
    size: users,
    ...(values.skus === undefined ? {} : { skus: Number(values.skus) }),
  });
  await loadTruth(ownerSql, tenant);
  tell("tenant ready");
  const worker = await arena.startWorker(
    values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`],
  );
  const connection = await arena.connect(tenant);
  await tenant.setLatency(latencyMs);
  const floors: FloorFigures[] = [];
  if (Number(values.floors) > 0) floors.push(await runFloor(arena, tenant, 1));
  await tenant.forgetRequests();
  const run = await finishedImport(arena, await requestImport(arena, connection));
  const { total: requests } = await tenant.requests();
  const peakRssMb = worker.peakRssMb();
  tell("import", { ...run, peakRssMb });
  if (Number(values.floors) > 1) floors.push(await runFloor(arena, tenant, 2));
  const stored = snapshotRows(ownerSql, connection.workspaceId, run.snapshotId);
  const { rows, rowsMissing, rowsDuplicate, rowsWrong } = await compareWithTruth(ownerSql, stored);
  const floorSeconds = mean(floors.map(({ seconds }) => seconds));
  const latencySeconds = (run.usersPages * latencyMs) / 1000;
  return {
    users,
    latencyMs,
    seconds: run.seconds,
    usersPerSecond: Math.round(users / run.seconds),
    requests,
    peakRssMb,
    rows,
    rowsMissing,
    rowsDuplicate,
    rowsWrong,
    floorSeconds,
    ratioToFloor: floorSeconds === null ? null : run.seconds / floorSeconds,
    readSeconds: run.readSeconds,
    publishSeconds: run.seconds - run.readSeconds,
    usersPages: run.usersPages,
    usersSeconds: run.usersSeconds,
    latencySeconds,
    ratioToLatency: latencyMs === 0 ? null : run.usersSeconds / latencySeconds,
    skusShownSeconds: run.skusShownSeconds,
  };
}

const arena = await openArena();
try {
  report(await measure(arena), values.json);
} finally {
  await arena.close();
}
