import { afterAll, beforeAll, expect, it } from "vitest";
import { readReconciliation } from "../db/testing/published-rows.ts";
import {
  type Asker,
  connectVerified,
  createAsker,
  inState,
  runsOfImport,
} from "./testing/paced-tenants.ts";
import { waitFor } from "./testing/wait-for.ts";
import {
  createWorkerBench,
  expectTruth,
  storedUserPages,
  type WorkerBench,
} from "./testing/worker-bench.ts";
import type { WorkerProcess } from "./testing/worker-process.ts";

let bench: WorkerBench;
let asker: Asker;
let worker: WorkerProcess;

beforeAll(async () => {
  bench = await createWorkerBench();
  asker = await createAsker(bench.installation);
  worker = await bench.start();
}, 120_000);
afterAll(async () => {
  await asker?.close();
  await bench?.close();
});

it("a cancel ends a read in the middle of a request within 10 s; what is asked for at once is published instead (A13)", async () => {
  const { installation } = bench;
  const made = await connectVerified(bench, "cancelled in a request", 2600);
  made.tenant.setFaults([{ kind: "hang", stream: "users", page: 2, times: 1 }]);
  const first = await asker.start(made);
  await storedUserPages(installation, made, 1);
  await waitFor("the second page in flight", async () =>
    made.tenant.faults.counts().some(({ applied }) => applied > 0),
  );

  const cancelledAt = Date.now();
  for (const dataset of ["directory", "sign-ins", "usage"] as const) {
    await asker.cancel(made, first, dataset);
  }
  const second = await asker.start(made);
  expect(second).not.toBe(first);
  const { directory } = await runsOfImport(installation, first);
  const ended = new RegExp(`"runId":"${directory.id}".*"outcome":"superseded"`);
  await waitFor("the old one stopped", async () => ended.test(worker.output()), 10_000);
  expect(Date.now() - cancelledAt).toBeLessThan(10_000);

  await inState(installation, second, ["directory", "succeeded"]);
  await expectTruth(installation, made);
  expect((await runsOfImport(installation, first)).directory.state).toBe("cancelled");
  const published = await installation.db.ownerSql<{ id: string }[]>`
    select id from dataset_runs
    where connection_id = ${made.connectionId} and dataset = 'directory' and published_at is not null`;
  const { directory: winner } = await runsOfImport(installation, second);
  expect(published.map(({ id }) => id)).toEqual([winner.id]);
  expect(await readReconciliation(installation.db, made)).not.toBeNull();
}, 120_000);
