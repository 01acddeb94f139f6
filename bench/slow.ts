import { parseArgs } from "node:util";
import { cancelImport } from "../lib/services/cancel-import.ts";
import type { Ctx } from "../lib/services/context.ts";
import { startImport } from "../lib/services/start-import.ts";
import { createMember, createTestWeb } from "../lib/services/testing/web.ts";
import type { TestConnection } from "../worker/testing/installation.ts";
import { waitFor } from "../worker/testing/wait-for.ts";
import { type Arena, finishedImport, openArena } from "./harness/arena.ts";
import { compareSignIns } from "./harness/evidence.ts";
import { report, tell } from "./harness/report.ts";
import type { BenchTenant } from "./harness/simulator.ts";

/**
 * Sign-ins and usage reports of one tenant by a real worker at the pace Microsoft allows, which is hours for a large
 * one, with imports of directories going on beside them.
 *
 * `--users N`; `--imports N` of the whole tenant, one after another, `--pause S` seconds between them: the first begins the
 * slow datasets, the next ones adopt them; a tenant of a thousand users is imported beside each. `--report-lines N`
 * strangers in the Teams report; `--json` one line.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "10000" },
    imports: { type: "string", default: "3" },
    pause: { type: "string", default: "10" },
    "report-lines": { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const users = Number(values.users);
const reportLines = Number(values["report-lines"] ?? 0);
const hours = 3_600_000;

/** A tenant and the owner of the workspace that imports it. */
interface Imported {
  readonly tenant: BenchTenant;
  readonly connection: TestConnection;
  readonly owner: Ctx;
}

interface Run {
  readonly id: string;
  readonly state: string;
  readonly epoch: number;
  readonly adopted: boolean;
  readonly seconds: number | null;
  readonly rows: number;
  readonly pages: number;
  readonly snapshotId: number | null;
  readonly failure: unknown;
}

/** The run of a dataset in an import, by the database's clock. */
async function runOf(arena: Arena, importId: string, dataset: string): Promise<Run> {
  const [run] = await arena.server.ownerSql<Run[]>`
    select r.id, r.state, r.epoch::int, i.adopted, r.failure, r.snapshot_id::float8 as "snapshotId",
      extract(epoch from r.finished_at - r.started_at)::float8 as seconds,
      (select sum(c.rows) from read_checkpoints c where c.run_id = r.id)::float8 as rows,
      (select sum(c.page_no) from read_checkpoints c where c.run_id = r.id)::float8 as pages
    from import_runs i join dataset_runs r on r.workspace_id = i.workspace_id and r.id = i.run_id
    where i.import_id = ${importId} and r.dataset = ${dataset}`;
  if (run === undefined) throw new Error(`The import reads ${dataset}.`);
  return run;
}

/** Waits until a slow dataset is published. */
const published = (arena: Arena, importId: string, dataset: string): Promise<Run> =>
  waitFor(
    `${dataset} published`,
    async () => {
      const run = await runOf(arena, importId, dataset);
      if (run.state === "succeeded") return run;
      if (run.state === "queued" || run.state === "running") return null;
      throw new Error(`${dataset} ended ${run.state}: ${JSON.stringify(run.failure)}`);
    },
    3 * hours,
  );

const ask = ({ owner, connection: { connectionId } }: Imported) =>
  startImport(owner, { connectionId, trigger: "manual" });

/** Seconds of a directory from a worker taking it to its numbers being visible. */
async function directorySeconds(arena: Arena, importId: string): Promise<number> {
  const { id } = await runOf(arena, importId, "directory");
  return (await finishedImport(arena, id)).seconds;
}

/** Imports of the large tenant, and of a small one beside each; the slow datasets go on. */
async function importBeside(arena: Arena, large: Imported, small: Imported) {
  const first = (await ask(large)).id;
  const signIns = await runOf(arena, first, "sign-ins");
  const besides: { large: number; small: number; adopted: boolean }[] = [];
  let importId = first;
  for (let no = 1; ; no += 1) {
    const beside = (await ask(small)).id;
    const figures = {
      small: await directorySeconds(arena, beside),
      large: await directorySeconds(arena, importId),
      adopted: (await runOf(arena, importId, "sign-ins")).id === signIns.id,
    };
    tell(`import ${no}`, figures);
    besides.push(figures);
    if (no === Number(values.imports)) return { first, last: importId, besides };
    await new Promise((resolve) => setTimeout(resolve, Number(values.pause) * 1000));
    importId = (await ask(large)).id;
    // One reading of the usage reports is what is measured.
    await cancelImport(large.owner, { importId, dataset: "usage" });
  }
}

async function measure(arena: Arena) {
  const web = await createTestWeb(arena.server);
  const worker = await arena.startWorker();
  const join = async (seed: string, size: number): Promise<Imported> => {
    const tenant = await arena.simulator.addTenant({ seed, size });
    const connection = await arena.connect(tenant);
    const { workspaceId } = connection;
    const owner = await createMember(arena.server, web.platform, workspaceId, "owner");
    return { tenant, connection, owner };
  };
  const large = await join("slow", users);
  const small = await join("beside", 1000);
  tell("tenants ready");
  // Microsoft's own limits, for the simulator to refuse what is too fast.
  await large.tenant.setLimits({ reportingLimit: 5, reportLimit: 14 });
  if (reportLines > 0) {
    const endpoint = "getTeamsUserActivityUserDetail";
    await large.tenant.setFaults([
      { kind: "report-shape", endpoint, shape: "huge", lines: reportLines },
    ]);
  }
  const { first, last, besides } = await importBeside(arena, large, small);
  const usage = await published(arena, first, "usage");
  tell("usage", { ...usage, peakRssMb: worker.peakRssMb() });
  const signIns = await published(arena, last, "sign-ins");
  tell("sign-ins", signIns);
  const peakRssMb = worker.peakRssMb();
  const { refused, early } = await large.tenant.requests();
  const { ownerSql } = arena.server;
  const truth = await compareSignIns(ownerSql, large, signIns.snapshotId ?? 0);
  await web.close();
  const figures = ({ seconds, rows, pages, epoch }: Run) => ({ seconds, rows, pages, epoch });
  return {
    users,
    reportLines,
    signIns: { ...figures(signIns), adopted: signIns.adopted, ...truth },
    usage: figures(usage),
    directories: besides,
    requestsRefused: refused,
    requestsEarly: early,
    peakRssMb,
  };
}

const arena = await openArena();
try {
  report(await measure(arena), values.json);
} finally {
  await arena.close();
}
