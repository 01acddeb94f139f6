import type { Dataset } from "#lib/domain/import";
import type { ImportItem } from "#lib/domain/import-item";
import { cancelImport } from "#lib/services/cancel-import";
import type { Ctx } from "#lib/services/context";
import { getImport } from "#lib/services/get-import";
import { startImport } from "#lib/services/start-import";
import { createMember, createTestWeb } from "#lib/services/testing/web";
import type { LoggedRequest } from "#simulator/store/request-log";
import type { Installation } from "./installation.ts";
import { waitFor } from "./wait-for.ts";
import type { BenchTenant, WorkerBench } from "./worker-bench.ts";

/** A dataset run of an import, as its tables have it. */
export interface PacedRun {
  readonly id: string;
  readonly dataset: Dataset;
  readonly state: string;
  readonly epoch: number | null;
  readonly adopted: boolean;
  readonly code: string | null;
  readonly paused: boolean;
}

/** People's side of imports, through the use cases. */
export interface Asker {
  start(tenant: BenchTenant): Promise<string>;
  cancel(tenant: BenchTenant, importId: string, dataset: Dataset): Promise<void>;
  /** The import as its page shows it now. */
  look(tenant: BenchTenant, importId: string): Promise<ImportItem>;
  close(): Promise<void>;
}

/** A tenant whose connection was verified before: its imports begin to read at once. */
export async function connectVerified(
  bench: WorkerBench,
  seed: string,
  size: number,
): Promise<BenchTenant> {
  const made = await bench.connect(seed, size);
  const { ownerSql } = bench.installation.db;
  const { workspaceId, connectionId } = made;
  await ownerSql`
    update credentials set state = 'active'
    where workspace_id = ${workspaceId} and connection_id = ${connectionId}`;
  await ownerSql`
    update connections set status = 'ready', proven_at = now()
    where workspace_id = ${workspaceId} and id = ${connectionId}`;
  return made;
}

/** Asks as an owner of each tenant's workspace. */
export async function createAsker({ db }: Installation): Promise<Asker> {
  const web = await createTestWeb(db);
  const owners = new Map<string, Ctx>();
  const ownerOf = async ({ workspaceId }: BenchTenant): Promise<Ctx> => {
    const owner =
      owners.get(workspaceId) ?? (await createMember(db, web.platform, workspaceId, "owner"));
    owners.set(workspaceId, owner);
    return owner;
  };
  return {
    start: async (tenant) => {
      const { connectionId } = tenant;
      return (await startImport(await ownerOf(tenant), { connectionId, trigger: "manual" })).id;
    },
    cancel: async (tenant, importId, dataset) => {
      await cancelImport(await ownerOf(tenant), { importId, dataset });
    },
    look: async (tenant, importId) => getImport(await ownerOf(tenant), { importId }),
    close: () => web.close(),
  };
}

/** The runs of an import by dataset. */
export async function runsOfImport(
  { db }: Installation,
  importId: string,
): Promise<Readonly<Record<Dataset, PacedRun>>> {
  const rows = await db.ownerSql<PacedRun[]>`
    select r.id, r.dataset, r.state, r.epoch::int, i.adopted, r.failure ->> 'code' as code,
      r.paused_until is not null as paused
    from import_runs i
    join dataset_runs r on r.workspace_id = i.workspace_id and r.id = i.run_id
    where i.import_id = ${importId}`;
  const found = (dataset: Dataset): PacedRun => {
    const run = rows.find((candidate) => candidate.dataset === dataset);
    if (run === undefined) throw new Error(`The import reads ${dataset}.`);
    return run;
  };
  return { directory: found("directory"), "sign-ins": found("sign-ins"), usage: found("usage") };
}

/** Waits until a dataset's run is in the state; another end of it ends the wait. */
export const inState = (
  installation: Installation,
  importId: string,
  [dataset, state]: readonly [Dataset, string],
  timeoutMs = 60_000,
): Promise<PacedRun> =>
  waitFor(
    `${dataset} ${state}`,
    async () => {
      const run = (await runsOfImport(installation, importId))[dataset];
      const over = !["queued", "running"].includes(run.state);
      if (over && run.state !== state) throw new Error(`${dataset} ended ${run.state} ${run.code}`);
      return run.state === state && run;
    },
    timeoutMs,
  );

/** Requests of one stream in the order they came. */
export const asked = (
  { tenant }: BenchTenant,
  stream: LoggedRequest["stream"],
): readonly LoggedRequest[] => tenant.log.entries().filter((entry) => entry.stream === stream);
