import { afterAll, beforeAll, expect, it } from "vitest";
import { openQueueSender } from "#db/queue";
import { wakeRuns, wakeVerifications } from "#lib/services/wake-runs";
import {
  createImport,
  createInstallation,
  createRegisteredConnection,
  type Installation,
  saveSecret,
} from "./testing/installation.ts";

/** Nobody is asked here: these tests run without a worker. */
const nowhere = "http://127.0.0.1:9";
let installation: Installation;

beforeAll(async () => {
  installation = await createInstallation({
    loginOrigin: nowhere,
    graphOrigin: nowhere,
    reportsOrigin: nowhere,
    multiTenantApp: { clientId: "5ea7ed6e-1234-4b5c-9d6e-7f8091a2b3c2", secret: "unused" },
  });
});

afterAll(async () => {
  await installation?.close();
});

const newConnection = () =>
  createRegisteredConnection(installation, {
    tenantId: crypto.randomUUID(),
    clientId: crypto.randomUUID(),
  });

/** The worker's half of the reconciler, under the worker's own role. */
async function withWorker<T>(
  work: (platform: Parameters<typeof wakeRuns>[0]) => Promise<T>,
): Promise<T> {
  const queue = await openQueueSender({
    url: installation.db.urls.worker,
    applicationName: "test worker",
    onError: () => undefined,
  });
  try {
    return await work({ db: installation.db.worker, queue });
  } finally {
    await queue.close();
  }
}

const jobs = async (runId: string | undefined) =>
  (
    await installation.db.ownerSql`
      select state, data from pgboss.job where singleton_key = ${runId ?? ""}`
  ).map((job) => ({ state: job.state, data: job.data }));

/** A run that a worker took and left, `minutes` ago. */
const takenBefore = (runId: string | undefined, minutes: number) => installation.db.ownerSql`
  update dataset_runs set state = 'running', epoch = 1, started_at = now(),
    progress_at = now() - make_interval(mins => ${minutes}) where id = ${runId ?? ""}`;

it("sends a run without a job again, once, with ids and nothing else", async () => {
  const made = await newConnection();
  const { directory } = await createImport(installation, made, {
    datasets: ["directory"],
    send: false,
  });
  await withWorker(async (platform) => {
    await wakeRuns(platform, { mayFail: true });
    await wakeRuns(platform, { mayFail: true });
  });
  expect(await jobs(directory)).toEqual([
    { state: "created", data: { workspaceId: made.workspaceId, id: directory } },
  ]);
});

it("fails a run that is stuck for 30 minutes, fences its worker and frees the index", async () => {
  const made = await newConnection();
  const { db } = installation;
  const runs = await createImport(installation, made, {
    datasets: ["directory", "usage"],
    send: false,
  });
  await takenBefore(runs.directory, 31);
  await takenBefore(runs.usage, 29);
  await db.ownerSql`
    insert into dataset_epochs (workspace_id, connection_id, dataset, epoch)
    values (${made.workspaceId}, ${made.connectionId}, 'directory', 1)`;

  await withWorker((platform) => wakeRuns(platform, { mayFail: false }));
  const [spared] =
    await db.ownerSql`select state from dataset_runs where id = ${runs.directory ?? ""}`;
  expect(spared?.state).toBe("running");

  await withWorker((platform) => wakeRuns(platform, { mayFail: true }));
  const states = await db.ownerSql`
    select dataset, state, failure from dataset_runs
    where workspace_id = ${made.workspaceId} order by dataset`;
  expect(states).toEqual([
    { dataset: "directory", state: "failed", failure: { class: "system", code: "no-progress" } },
    { dataset: "usage", state: "running", failure: null },
  ]);
  const [epoch] = await db.ownerSql`
    select epoch from dataset_epochs where connection_id = ${made.connectionId}`;
  expect(epoch?.epoch).toBe(2);
  await expect(
    createImport(installation, made, { datasets: ["directory"], send: false }),
  ).resolves.toHaveProperty("directory");
});

it("never fails a run that only waits for a worker", async () => {
  const made = await newConnection();
  const { directory } = await createImport(installation, made, {
    datasets: ["directory"],
    send: false,
  });
  await installation.db.ownerSql`
    update dataset_runs set progress_at = now() - interval '2 days' where id = ${directory ?? ""}`;
  await withWorker((platform) => wakeRuns(platform, { mayFail: true }));
  const [run] = await installation.db.ownerSql`
    select state from dataset_runs where id = ${directory ?? ""}`;
  expect(run?.state).toBe("queued");
  expect(await jobs(directory)).toHaveLength(1);
});

it("sends verifications that are due, and none before its moment", async () => {
  const [due, later] = [await newConnection(), await newConnection()];
  const secret = { secret: "unused", version: 1, verify: true };
  const first = await saveSecret(installation, due, secret);
  const second = await saveSecret(installation, later, secret);
  await installation.db.ownerSql`delete from pgboss.job`;
  await installation.db.ownerSql`
    update verifications set state = 'waiting', next_attempt_at = now() + interval '1 minute'
    where id = ${second.verificationId}`;
  await withWorker((platform) => wakeVerifications(platform));
  expect(await jobs(first.verificationId ?? undefined)).toHaveLength(1);
  expect(await jobs(second.verificationId ?? undefined)).toHaveLength(0);
});

it("takes a job back when the transaction that sent it is rolled back", async () => {
  const made = await newConnection();
  const id = crypto.randomUUID();
  const { db, queue } = installation;
  const { workspaceId } = made;
  await expect(
    db.web.inWorkspace(workspaceId, async (tx) => {
      await queue.send(tx, "directory-run", { workspaceId, id }, id);
      throw new Error("the use case failed");
    }),
  ).rejects.toThrow("the use case failed");
  expect(await jobs(id)).toEqual([]);
});
