import { parseArgs } from "node:util";
import { openDatabase } from "../db/client.ts";
import { createWorkspace } from "../db/testing/factories.ts";
import type { Ctx } from "../lib/services/context.ts";
import { listUnmatchedPeople } from "../lib/services/list-unmatched-people.ts";
import { createMember, createTestWeb } from "../lib/services/testing/web.ts";
import { waitFor } from "../worker/testing/wait-for.ts";
import { type Arena, finishedImport, openArena, requestImport } from "./harness/arena.ts";
import { measureVisit, serverProcess, spent, type VisitFigures } from "./harness/measure-visit.ts";
import { addOrganisation } from "./harness/organisation.ts";
import { report, tell } from "./harness/report.ts";
import type { BenchTenant } from "./harness/simulator.ts";
import { compareWithTruth, loadTruth, snapshotRows } from "./harness/truth.ts";
import { retired, saasVisits, switchBoth } from "./saas-visits.ts";

/**
 * A tenant imported by Microsoft 365, without its last tenth of accounts; then an organisation's application of SaaS
 * Management that stands for the whole of it, by a real worker of its own, against the truth; then what the pages of both,
 * the switch and its undo take.
 *
 * `--users N`; `--page N` accounts on a page of the service; `--import-only`; `--json` one line.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "100000" },
    skus: { type: "string" },
    page: { type: "string", default: "500" },
    "import-only": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const users = Number(values.users);

async function importApplication(arena: Arena, tenant: BenchTenant, ctx: Ctx) {
  const { ownerSql } = arena.server;
  const organisation = await addOrganisation(arena.simulator, tenant, Number(values.page));
  await loadTruth(ownerSql, organisation);
  tell("truth loaded");
  const worker = await arena.startWorker();
  const connection = await organisation.connect(ctx);
  const before = await organisation.requests();
  const run = await finishedImport(arena, await requestImport(arena, connection));
  const after = await organisation.requests();
  const peopleSeconds = await peopleMatched(ctx, connection.connectionId);
  const peakRssMb = worker.peakRssMb();
  tell("application imported", { ...run, peopleSeconds, peakRssMb });
  await worker.end("SIGTERM");
  const stored = snapshotRows(ownerSql, connection.workspaceId, run.snapshotId);
  const compared = await compareWithTruth(ownerSql, stored);
  const figures = {
    seconds: run.seconds,
    usersPerSecond: Math.round(users / run.seconds),
    requests: after.total - before.total,
    userPages: after.appUsers - before.appUsers,
    publishSeconds: run.seconds - run.readSeconds,
    peopleSeconds,
    peakRssMb,
    ...compared,
  };
  return { connectionId: connection.connectionId, figures };
}

/** Seconds from the published import to who was not found being known; null without another source. */
async function peopleMatched(ctx: Ctx, connectionId: string): Promise<number | null> {
  const began = performance.now();
  const state = await waitFor(
    "people looked up",
    async () => {
      const people = await listUnmatchedPeople(ctx, { connectionId });
      return people.state !== "computing" && people.state;
    },
    20 * 60_000,
  );
  return state === "ready" ? (performance.now() - began) / 1000 : null;
}

/** Of the last tenth of the accounts Microsoft has none, so that nobody is found for them. */
async function importMicrosoft(arena: Arena, tenant: BenchTenant, workspaceId: string) {
  await tenant.setFaults([{ kind: "mass-drop", keep: 0.9 }]);
  const worker = await arena.startWorker();
  const connection = await arena.connect(tenant, workspaceId);
  tell(
    "Microsoft 365 imported",
    await finishedImport(arena, await requestImport(arena, connection)),
  );
  await worker.end("SIGTERM");
  await tenant.setFaults([]);
}

async function measurePages(arena: Arena, ctx: Ctx, connectionId: string, backend: number) {
  await arena.server.ownerSql`vacuum analyze`;
  const before = await retired(ctx);
  const pages: Record<string, VisitFigures> = {};
  const visit = async (when: string) => {
    for (const { name, ask } of await saasVisits(ctx, connectionId)) {
      const title = `${name}${when}`;
      pages[title] = await measureVisit(ask, backend);
      tell(title, pages[title]);
    }
  };
  await visit("");
  const { switchOver, undo } = switchBoth(ctx);
  const switched = { ...(await spent(backend, switchOver)), retired: await retired(ctx) };
  tell("switched", switched);
  await visit(", switched");
  const undone = { ...(await spent(backend, undo)), retired: await retired(ctx) };
  tell("undone", undone);
  return { pages, retiredBefore: before, switch: switched, undo: undone };
}

async function measure(arena: Arena) {
  const tenant = await arena.simulator.addTenant({
    seed: "bench",
    size: users,
    ...(values.skus === undefined ? {} : { skus: Number(values.skus) }),
  });
  tell("tenant ready");
  const { server, installation } = arena;
  const applicationName = "bench web";
  const web = await openDatabase({ url: server.urls.web, role: "web", applicationName, max: 1 });
  const testWeb = await createTestWeb({ ...server, web });
  try {
    const { workspaceId } = await createWorkspace(server);
    const platform = { ...testWeb.platform, sealer: installation.sealer };
    const ctx = await createMember(server, platform, workspaceId, "owner");
    const alone = values["import-only"];
    if (!alone) await importMicrosoft(arena, tenant, workspaceId);
    const { connectionId, figures } = await importApplication(arena, tenant, ctx);
    if (alone) return { users, ...figures };
    const backend = await serverProcess(web);
    return { users, ...figures, ...(await measurePages(arena, ctx, connectionId, backend)) };
  } finally {
    await testWeb.close();
    await web.close();
  }
}

const arena = await openArena();
try {
  report(await measure(arena), values.json);
} finally {
  await arena.close();
}
