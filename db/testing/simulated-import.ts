import { activityCutoffs, classifyActivity } from "#lib/domain/activity";
import type { Dataset } from "#lib/domain/import";
import type { Activity, ActivityCounts, AssignedCounts } from "#lib/domain/license";
import { latestDay } from "#lib/domain/utc-day";
import type { ImportStore, RunHandle } from "#lib/import/ports";
import { type RunOutcome, runDataset } from "#lib/import/run-dataset";
import { createGraphSource } from "#lib/microsoft/source";
import {
  addTenant,
  type ControlBody,
  type SimulatedTenant,
  type SimulatorOrigins,
} from "#lib/microsoft/testing/simulated-tenant";
import { createImportStore } from "../queries/import-store.ts";
import { createTestConnection, createTestRun, type TestConnection } from "./import-fixtures.ts";
import type { TestDatabase } from "./test-database.ts";

/** A simulated tenant connected in a workspace of its own, imported by the real pipeline. */
export interface SimulatedImport {
  readonly tenant: SimulatedTenant;
  readonly connection: TestConnection;
  readonly store: ImportStore;
  begin(dataset: Dataset): Promise<RunHandle>;
  work(run: RunHandle, options?: WorkOptions): Promise<RunOutcome>;
  /** Begins a run of the dataset and works it to its end. */
  import(dataset: Dataset): Promise<RunOutcome>;
}

export interface WorkOptions {
  readonly signal?: AbortSignal;
  readonly onPage?: (read: string, pageNo: number) => void;
}

/** Adds a tenant to a running simulator and connects it, in a workspace of its own unless one is given. */
export async function connectSimulatedTenant(
  db: TestDatabase,
  simulator: SimulatorOrigins,
  request: ControlBody,
  given: { readonly workspaceId?: string } = {},
): Promise<SimulatedImport> {
  return connectTo(db, await addTenant(simulator, request), given);
}

/** Connects a simulated tenant, in a workspace of its own unless one is given; the same tenant may be connected in several. */
export async function connectTo(
  db: TestDatabase,
  tenant: SimulatedTenant,
  given: { readonly workspaceId?: string } = {},
): Promise<SimulatedImport> {
  const connection = await createTestConnection(db, { ...given, tenantId: tenant.tenantId });
  const store = createImportStore(db.worker);
  const begin = async (dataset: Dataset): Promise<RunHandle> => {
    const run = await store.begin(await createTestRun(db, connection, dataset));
    if (run === null) throw new Error("a queued run begins");
    return run;
  };
  const work = (run: RunHandle, options: WorkOptions = {}): Promise<RunOutcome> =>
    runDataset(
      {
        source: createGraphSource({ client: tenant.client }),
        store,
        now: () => new Date(),
        signal: options.signal ?? new AbortController().signal,
        onProgress: ({ read, pageNo }) => options.onPage?.(read, pageNo),
      },
      run,
    );
  return {
    tenant,
    connection,
    store,
    begin,
    work,
    import: async (dataset) => work(await begin(dataset)),
  };
}

/** One SKU of the simulator's truth. Seats. */
export interface TrueSku {
  readonly skuId: string;
  readonly appliesTo: "User" | "Company" | null;
  readonly listed: boolean;
  readonly units: {
    readonly enabled: number;
    readonly warning: number;
    readonly suspended: number;
    readonly lockedOut: number;
  } | null;
  readonly trialUnits: number;
  readonly holders: number;
  readonly assigned: AssignedCounts;
  readonly blocked: number;
  readonly guests: number;
}

interface TrueUser {
  readonly userId: string;
  readonly created: string;
  readonly evidence: { readonly signIns: string | null; readonly usage: string | null };
}

export interface TrueSeat {
  readonly userId: string;
  readonly skuId: string;
  readonly held: boolean;
  readonly origin: string | null;
  readonly error: boolean;
  readonly groupIds: readonly string[];
  readonly since: string | null;
}

export interface FullTruth {
  readonly today: string;
  readonly deletedUsers: number;
  readonly skus: readonly TrueSku[];
  readonly users: readonly TrueUser[];
  readonly seats: readonly TrueSeat[];
}

/** Everything the simulator knows of a tenant: what an import must find. */
export async function readFullTruth(
  simulator: SimulatorOrigins,
  tenantId: string,
): Promise<FullTruth> {
  const text = async (path: string): Promise<string> =>
    (await fetch(`${simulator.loginOrigin}/_simulator/tenants/${tenantId}/truth${path}`)).text();
  const lines = async <T>(path: string): Promise<T[]> =>
    (await text(path))
      .split("\n")
      .filter(Boolean)
      .map((line): T => JSON.parse(line));
  return {
    ...JSON.parse(await text("")),
    users: await lines<TrueUser>("/users"),
    seats: await lines<TrueSeat>("/assignments"),
  };
}

/** Which sources a true activity rests on. */
export interface TrueSources {
  readonly signIns: boolean;
  readonly usage: boolean;
}

/** Activity of a SKU's true holders by lib/domain, from the simulator's own dates. Seats. */
export function trueActivity(
  truth: FullTruth,
  sku: string,
  sources: TrueSources,
  evaluatedOn: string,
): ActivityCounts {
  const cutoffs = activityCutoffs({ evaluatedOn, windowDays: 90, graceDays: 30 });
  const users = new Map(truth.users.map((user) => [user.userId, user]));
  const counts: Record<Activity, number> = {
    active: 0,
    inactive: 0,
    neverUsed: 0,
    tooNew: 0,
    unknown: 0,
  };
  for (const seat of truth.seats.filter((candidate) => candidate.held && candidate.skuId === sku)) {
    const user = users.get(seat.userId);
    if (user === undefined) throw new Error(`the truth has no user ${seat.userId}`);
    const activity = classifyActivity({
      evidence: latestDay([
        sources.signIns ? user.evidence.signIns : null,
        sources.usage ? user.evidence.usage : null,
      ]),
      createdOn: user.created,
      assignedOn: seat.since,
      signInsCover: sources.signIns,
      cutoffs,
    });
    counts[activity] += 1;
  }
  return counts;
}
