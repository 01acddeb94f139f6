import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { AuditRow } from "#db/queries/audit";
import { createWorkspace } from "#db/testing/factories";
import type { Dataset } from "#lib/domain/import";
import type { ImportItem } from "#lib/domain/import-item";
import type { LicenseItem } from "#lib/domain/license-item";
import type { Ctx } from "#lib/services/context";
import { getImport } from "#lib/services/get-import";
import { listAuditEvents } from "#lib/services/list-audit-events";
import { listLicenses } from "#lib/services/list-licenses";
import { createMember, createTestWeb, type TestWeb } from "#lib/services/testing/web";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { credentials, defaultApps } from "#simulator/defaults";
import type { FaultInput } from "#simulator/faults/types";
import { type TenantRequest, tenantFromRequest } from "#simulator/specs";
import type { Tenant } from "#simulator/store/tenant";
import {
  appUrl,
  createImport,
  createInstallation,
  createRegisteredConnection,
  type Installation,
  saveSecret,
  type TestConnection,
} from "./installation.ts";
import { type EndWatch, watchEnds } from "./watch-ends.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

export const benchSecret = "canary8Q~secret-of-the-fault-bench";

/** A tenant as asked for; its seed and its app are the bench's. */
export interface TenantWish extends Omit<TenantRequest, "seed" | "app"> {
  /** Permissions granted; all that are asked for by default. */
  readonly permissions?: readonly string[];
}

/** What is done to one tenant. */
export interface Plot extends TenantWish {
  /** What both imports read. Default the directory alone. */
  readonly datasets?: readonly Dataset[];
  /** Whether an import without faults comes first. Default true. */
  readonly clean?: boolean;
  readonly faults?: readonly FaultInput[];
  /** What else happens before the import in question. */
  readonly meanwhile?: (subject: Subject) => Promise<unknown> | unknown;
}

/** A connected and verified tenant, and what a person of its workspace sees. */
export interface Subject extends TestConnection {
  readonly tenant: Tenant;
  readonly clientId: string;
  /** A member who may do everything. */
  readonly ctx: Ctx;
  /** Asks for an import and returns its id at once. */
  begin(datasets?: readonly Dataset[]): Promise<string>;
  /** Imports and waits for the end of every dataset. */
  import(datasets?: readonly Dataset[]): Promise<ImportItem>;
  /** The import as its page shows it now. */
  look(importId: string): Promise<ImportItem>;
  licenses(): Promise<readonly LicenseItem[]>;
  /** Newest first. */
  audit(action: string): Promise<readonly AuditRow[]>;
}

/** What became of a plot. */
export interface Story {
  readonly subject: Subject;
  /** The licenses after the clean import; empty without one. */
  readonly before: readonly LicenseItem[];
  /** The import in question. */
  readonly import: ImportItem;
  readonly after: readonly LicenseItem[];
  /** How long the import in question took, seconds. */
  readonly seconds: number;
}

/** Microsoft with faults, worker processes, and a workspace per tenant. */
export interface FaultBench {
  readonly simulator: Simulator;
  readonly installation: Installation;
  connect(wish?: TenantWish): Promise<Subject>;
  /** Lives every plot side by side. Rejects when a worker process dies of it. */
  play<Name extends string>(plots: Readonly<Record<Name, Plot>>): Promise<Record<Name, Story>>;
  /** The most memory a worker process ever held, MB (VmHWM). */
  peakMb(): Promise<number>;
  /** Everything the worker processes wrote. */
  output(): string;
  close(): Promise<void>;
}

/** `name` makes the tenants this file's own; `workers`: processes that share the imports. */
export async function createFaultBench(
  name: string,
  { workers: count = 2 }: { readonly workers?: number } = {},
): Promise<FaultBench> {
  const simulator = await createSimulator({ tenants: [], apps: defaultApps([appUrl]) });
  const { multiTenantApp } = credentials;
  const installation = await createInstallation({ ...simulator, multiTenantApp });
  const web = await createTestWeb(installation.db);
  const ends = watchEnds(installation);
  const workers = await Promise.all(
    Array.from({ length: count }, () => startWorkerProcess(installation.workerEnv)),
  );
  let closing = false;
  const died = Promise.race(workers.map((worker) => worker.ended().then(() => worker.output())));
  const orDeath = <T>(work: Promise<T>): Promise<T> =>
    Promise.race([
      work,
      died.then((output) => {
        throw new Error(closing ? "The bench was closed." : `A worker died:\n${output}`);
      }),
    ]);
  let serial = 0;
  const connect = (wish: TenantWish = {}) => {
    serial += 1;
    const set = { simulator, installation, web, ends };
    return orDeath(connectSubject(set, `${name} ${serial}`, wish));
  };

  async function live(plot: Plot): Promise<Story> {
    const { datasets = ["directory"], clean = true, faults = [], meanwhile, ...wish } = plot;
    const subject = await connect(wish);
    if (clean) await orDeath(subject.import(datasets));
    const before = await subject.licenses();
    subject.tenant.setFaults(faults);
    subject.tenant.log.clear();
    await meanwhile?.(subject);
    const begunAt = Date.now();
    const ended = await orDeath(subject.import(datasets));
    const seconds = (Date.now() - begunAt) / 1000;
    return { subject, before, import: ended, after: await subject.licenses(), seconds };
  }

  return {
    simulator,
    installation,
    connect,
    async play<Name extends string>(plots: Readonly<Record<Name, Plot>>) {
      const stories = Object.entries<Plot>(plots).map(
        async ([key, plot]): Promise<[string, Story]> => [key, await live(plot)],
      );
      return asStories<Name>(Object.fromEntries(await Promise.all(stories)));
    },
    peakMb: async () => Math.max(...(await Promise.all(workers.map(peakMbOf)))),
    output: () => workers.map((worker) => worker.output()).join(""),
    async close() {
      closing = true;
      await ends.stop();
      await Promise.all(workers.map((worker) => worker.end("SIGKILL")));
      await web.close();
      await installation.close();
      await simulator.close();
    },
  };
}

/** Safe: one story per key of the plots. */
const asStories = <Name extends string>(stories: Record<string, Story>) =>
  stories as Record<Name, Story>;

interface BenchParts {
  readonly simulator: Simulator;
  readonly installation: Installation;
  readonly web: TestWeb;
  readonly ends: EndWatch;
}

async function connectSubject(
  { simulator, installation, web, ends }: BenchParts,
  seed: string,
  { permissions, ...wish }: TenantWish,
): Promise<Subject> {
  const app = { secret: benchSecret, ...(permissions && { permissions: [...permissions] }) };
  const spec = tenantFromRequest({ size: 60, ...wish, seed, app });
  const tenant = simulator.store.addTenant(spec);
  const clientId = spec.apps[0]?.clientId ?? "";
  const { workspaceId } = await createWorkspace(installation.db);
  const made = await createRegisteredConnection(
    installation,
    { tenantId: spec.id, clientId },
    workspaceId,
  );
  const platform = { ...web.platform, sealer: installation.sealer };
  const ctx = await createMember(installation.db, platform, workspaceId, "owner");
  const candidate = { secret: benchSecret, version: 1, verify: true } as const;
  const { verificationId } = await saveSecret(installation, made, candidate);
  await ends.of(verificationId ?? "");
  const begin = async (datasets?: readonly Dataset[]) => {
    const importId = randomUUID();
    await createImport(installation, made, { importId, ...(datasets && { datasets }) });
    return importId;
  };
  const look = (importId: string) => getImport(ctx, { importId });
  const { connectionId } = made;
  return {
    ...made,
    tenant,
    clientId,
    ctx,
    begin,
    look,
    async import(datasets) {
      const importId = await begin(datasets);
      await ends.of(importId);
      return look(importId);
    },
    licenses: async () => (await listLicenses(ctx, { connectionId, limit: 100 })).items,
    audit: async (action) => (await listAuditEvents(ctx, { action, limit: 100 })).items,
  };
}

async function peakMbOf({ pid }: WorkerProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
