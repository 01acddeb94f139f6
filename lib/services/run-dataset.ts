import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { recordAudit, systemAuditActor } from "#db/queries/audit";
import { findUsableCredential } from "#db/queries/credentials";
import { createImportStore } from "#db/queries/import-store";
import { SupersededError } from "#db/queries/import-store-fence";
import { pauseRun } from "#db/queries/run-turns";
import { findRun, listRefusedLinks, recordConnectionWorks } from "#db/queries/runs";
import { findVerifiedConnection } from "#db/queries/verified-connection";
import type { JobTime } from "#db/queue";
import { type Failure, FailureError } from "#lib/domain/failure";
import type { ImportSource, ImportStore, RunHandle } from "#lib/import/ports";
import { type RunOutcome, runDataset } from "#lib/import/run-dataset";
import { openAppAccess } from "./app-access.ts";
import { compareChanges } from "./compare-changes.ts";
import type { WorkerPlatform } from "./context.ts";
import { isDatabaseFault } from "./database-fault.ts";
import { ensureVerified } from "./ensure-verified.ts";
import { matchPeople } from "./match-people.ts";
import { openPackageSource } from "./open-package-source.ts";
import { openSaasSource } from "./open-saas-source.ts";
import { settleAccess, settleImported } from "./settle-access.ts";
import { isStillOurs, watchRun } from "./watch-run.ts";

export interface RunScope {
  readonly workspaceId: string;
  readonly runId: string;
}

/** How working on a run ended. `not-taken`: it is over, cancelled, or its connection is disconnected. */
export interface DatasetRunEnd {
  readonly kind: RunOutcome["kind"] | "not-taken";
  /** When somebody is to go on with it; null = nobody, or whoever the reconciler wakes. */
  readonly again: JobTime | null;
}

/** A pause with the turn the run keeps meanwhile. */
type Paused = Extract<RunOutcome, { kind: "paused" }> & { readonly turnAt: Date };

type Outcome = Exclude<RunOutcome, { kind: "paused" }> | Paused | { readonly kind: "not-taken" };

/** Longer limits are not sat out: another run gets the place meanwhile, ms. */
const pauseFromMs = 30_000;

/**
 * Waits between attempts at a run that the database interrupted, seconds; from the first again after every page that was
 * committed in between. Source: reference/fault-catalogue.md A4, A15.
 */
const databaseRetrySeconds = [1, 2, 5, 10, 20] as const;

/**
 * Works on one dataset run to its end: takes the epoch, verifies the connection first where that is due, opens its
 * credential, reads, and publishes, holds or fails. Microsoft's failures end the run; a fault of the database is tried
 * again from the last committed page; anything else ends it as `system`. The epoch is taken once: whoever lost it to
 * another worker meanwhile finds that out and never takes it back. Never throws. Source: DESIGN §4.
 */
export async function runDatasetRun(
  platform: WorkerPlatform,
  scope: RunScope,
  signal: AbortSignal,
): Promise<DatasetRunEnd> {
  const store = createImportStore(platform.db);
  let run: RunHandle | null = null;
  let outcome: Outcome | null = null;
  let attempt = 0;
  const onProgress = () => {
    attempt = 0;
  };
  for (; outcome === null; attempt += 1) {
    try {
      run ??= await store.begin(scope);
      if (run !== null) outcome = await workOn(platform, store, run, { signal, onProgress });
      else {
        await forgetConnection(platform, scope);
        outcome = { kind: "not-taken" };
      }
    } catch (error) {
      const seconds = isDatabaseFault(error) ? databaseRetrySeconds[attempt] : undefined;
      if (seconds === undefined && !signal.aborted) {
        outcome = await giveUp(platform, store, run ?? scope, error);
      } else {
        platform.log.error("run-interrupted", { runId: scope.runId, attempt }, error);
        await sleep((seconds ?? 0) * 1000, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) outcome = { kind: "stopped" };
      }
    }
  }
  // The queue asks a worker to stop that lost its job to another one: whose the run is now says which of the two it was.
  if (outcome.kind === "stopped" && run !== null && !(await isStillOurs(platform, run))) {
    outcome = { kind: "superseded" };
  }
  if (outcome.kind === "published") await followPublish(platform, signal);
  platform.log.info("run-ended", {
    runId: scope.runId,
    dataset: run?.dataset ?? null,
    epoch: run?.epoch ?? null,
    outcome: outcome.kind,
    code: outcome.kind === "failed" ? outcome.failure.code : null,
  });
  return {
    kind: outcome.kind,
    again: outcome.kind === "paused" ? { turnAt: outcome.turnAt, notBefore: outcome.until } : null,
  };
}

/** What was published stays so whatever becomes of this: a round of the worker makes up for it. */
async function followPublish(platform: WorkerPlatform, signal: AbortSignal): Promise<void> {
  await compareChanges(platform, signal).catch((error: unknown) => {
    platform.log.error("changes-left-open", {}, error);
  });
  await matchPeople(platform, signal).catch((error: unknown) => {
    platform.log.error("people-left-unmatched", {}, error);
  });
}

interface Told {
  readonly signal: AbortSignal;
  readonly onProgress: () => void;
}

async function workOn(
  platform: WorkerPlatform,
  store: ImportStore,
  run: RunHandle,
  told: Told,
): Promise<Outcome> {
  const watch = watchRun(platform, run);
  const signal = AbortSignal.any([told.signal, watch.signal]);
  const reading = read(platform, store, run, { ...told, signal }).catch((error: unknown) => {
    if (error instanceof SupersededError) return { kind: "superseded" } as const;
    if (error instanceof FailureError) return fail(store, run, error.failure);
    if (watch.signal.aborted) return { kind: "superseded" } as const;
    throw error;
  });
  const worked = await reading.finally(() => watch.stop());
  if (worked.kind === "stopped" && watch.signal.aborted) return { kind: "superseded" };
  const outcome = worked.kind === "paused" ? await putAside(platform, store, run, worked) : worked;
  if (!leavesOpen.has(outcome.kind)) await followUp(platform, run, outcome);
  return outcome;
}

/** Reads and publishes, once the connection is verified. @throws FailureError, SupersededError before it reads. */
async function read(
  platform: WorkerPlatform,
  store: ImportStore,
  run: RunHandle,
  told: Told,
): Promise<RunOutcome> {
  const verified = await ensureVerified(platform, run, told.signal);
  if (verified.kind === "later") {
    return { kind: "paused", until: verified.until, failure: verificationOverdue };
  }
  const source = await openSource(platform, run, told.signal);
  return runDataset({ source, store, ...told, now: platform.now, pauseFromMs }, run);
}

/** What is told when nobody wants to wait for a verification any longer. */
const verificationOverdue: Failure = { class: "system", code: "verification-overdue" };

/** The run goes on later or elsewhere. */
const leavesOpen: ReadonlySet<Outcome["kind"]> = new Set(["superseded", "stopped", "paused"]);

/** Keeps the run open for later, or fails it when Microsoft has let nothing through for too long. */
async function putAside(
  platform: WorkerPlatform,
  store: ImportStore,
  run: RunHandle,
  pause: Extract<RunOutcome, { kind: "paused" }>,
): Promise<Outcome> {
  const turnAt = await platform.db
    .inWorkspace(run.workspaceId, (tx) => pauseRun(tx, run, pause.until))
    .catch((error: unknown) => {
      if (error instanceof SupersededError) return "superseded" as const;
      throw error;
    });
  if (turnAt === "superseded") return { kind: turnAt };
  return turnAt === "too-long" ? fail(store, run, pause.failure) : { ...pause, turnAt };
}

/**
 * The connection's data source. A directory run asks for a new token, so that a consent revoked since the last import
 * shows at once. @throws FailureError
 */
async function openSource(
  platform: WorkerPlatform,
  run: RunHandle,
  signal: AbortSignal,
): Promise<ImportSource> {
  await platform.pacing.learn(run);
  const { connection, credential } = await platform.db.inWorkspace(run.workspaceId, async (tx) => ({
    connection: await findVerifiedConnection(tx, run),
    credential: await findUsableCredential(tx, run),
  }));
  if (connection?.source === "office-365-deprecated" && connection.tenantId !== null) {
    return openPackageSource(platform, { ...run, tenantId: connection.tenantId }, signal);
  }
  if (connection?.source === "saas-management") {
    const { tenantId, organisationId, managedAppId } = connection;
    if (tenantId === null || organisationId === null || managedAppId === null) {
      throw new FailureError({ class: "tenant", code: "saas-app-gone" });
    }
    return openSaasSource(platform, { ...run, tenantId, organisationId, managedAppId }, signal);
  }
  if (!connection?.tenantId || connection.provenAt === null) {
    throw new FailureError({ class: "tenant", code: "tenant-not-proven" });
  }
  // A candidate is nobody's to import with.
  const active = credential?.state === "active" ? credential : null;
  const { tenantId } = connection;
  const access = await openAppAccess(platform, connection, { tenantId, credential: active });
  if (run.dataset === "directory") platform.microsoft.dropTokens(run.connectionId);
  return platform.microsoft.source(access);
}

async function fail(
  store: ImportStore,
  run: RunHandle,
  failure: Failure,
): Promise<{ readonly kind: "superseded" } | Extract<RunOutcome, { kind: "failed" }>> {
  const result = await store.fail(run, failure);
  return result === "superseded" ? { kind: result } : { kind: "failed", failure };
}

/** What a finished run says about its connection and what it may read, and links that were refused, for the audit. */
async function followUp(platform: WorkerPlatform, run: RunHandle, outcome: Outcome): Promise<void> {
  const { workspaceId, connectionId, runId } = run;
  await platform.db.inWorkspace(workspaceId, async (tx) => {
    // A published directory settles its connection by itself.
    if (run.dataset === "directory" && outcome.kind === "held") {
      await recordConnectionWorks(tx, { workspaceId, connectionId });
    }
    await settleAccess(tx, { workspaceId, connectionId });
    await settleImported(tx, { workspaceId, connectionId, runId });
    for (const { read, failure } of await listRefusedLinks(tx, { workspaceId, runId })) {
      await recordAudit(tx, {
        workspaceId,
        actor: systemAuditActor,
        action: "security.link-refused",
        target: { kind: "connection", id: connectionId },
        details: { runId, read, code: failure.code, host: failure.facts?.host ?? null },
      });
    }
  });
}

/** A run that is over may mean a disconnect: its tokens go from memory. */
async function forgetConnection(platform: WorkerPlatform, scope: RunScope): Promise<void> {
  await platform.db.inWorkspace(scope.workspaceId, async (tx) => {
    const run = await findRun(tx, scope);
    if (!run) return;
    const { connectionId } = run;
    const connection = await findVerifiedConnection(tx, {
      workspaceId: scope.workspaceId,
      connectionId,
    });
    if (connection?.status === "disconnected") platform.microsoft.forget(connectionId);
  });
}

/** Ends a run that cannot go on by itself, where the database still lets us; the log has the cause under the id. */
async function giveUp(
  platform: WorkerPlatform,
  store: ImportStore,
  run: RunHandle | RunScope,
  error: unknown,
): Promise<Outcome> {
  const { runId } = run;
  const correlationId = randomUUID();
  platform.log.error("run-broke", { runId, correlationId }, error);
  const failure: Failure = isDatabaseFault(error)
    ? { class: "database", code: "database-unavailable", correlationId }
    : { class: "system", code: "unexpected", correlationId };
  try {
    const taken = "epoch" in run ? run : await store.begin(run);
    return taken ? await fail(store, taken, failure) : { kind: "not-taken" };
  } catch (later) {
    // The run stays as it is: the reconciler wakes it again.
    platform.log.error("run-left-open", { runId, correlationId }, later);
    return { kind: "stopped" };
  }
}
