import type { Failure } from "#lib/domain/failure";
import type { Read, ReadPlan } from "#lib/domain/import";
import { phasesOf } from "./phases.ts";
import type { Checkpoint, Hold, ReadEnd, RunFacts, RunHandle } from "./ports.ts";
import { type Pause, type ReadOutcome, type RunDependencies, runRead } from "./run-read.ts";
import { startOverWhenOld } from "./start-over.ts";
import { judge } from "./validate.ts";

/**
 * How working a run ended. `stopped`: the worker was asked to stop, the run goes on from its checkpoints elsewhere;
 * `paused`: it goes on from them later, since Microsoft asked for a long wait.
 * `superseded`: somebody else has the run, or it was cancelled; nothing was changed. `unchanged`: published content was
 * found again, only its date moved.
 */
export type RunOutcome =
  | { readonly kind: "published" | "unchanged" }
  | { readonly kind: "held"; readonly hold: Hold }
  | Stop;

type EndedRead = Exclude<ReadEnd, { kind: "restart" }>;

interface Failed {
  readonly kind: "failed";
  readonly failure: Failure;
}

/** Why no further read is made. */
type Stop = { readonly kind: "superseded" | "stopped" } | Pause | Failed;

/**
 * Nothing else can be read with this credential or of this tenant, whichever read found out. What is merely not to be
 * had (a tenant without premium) says nothing about the rest. Source: fault-catalogue §1, B14.
 */
const endsTheRun = ({ kind, failure }: EndedRead): boolean =>
  kind === "failed" && (failure.class === "credential" || failure.class === "tenant");

/**
 * Works a dataset run to its end: reads (resumed from their checkpoints), validation, then publish or hold. Safe to
 * call again after a crash. Errors that are no upstream failure (a bug, the database) are thrown and leave the run as it
 * is, to be resumed. Source: DESIGN §4.
 */
export async function runDataset(
  dependencies: RunDependencies,
  run: RunHandle,
): Promise<RunOutcome> {
  const { store, now } = dependencies;
  if ((await startOverWhenOld(dependencies, run)) === "superseded") return { kind: "superseded" };
  for (const phase of phasesOf(run.dataset)) {
    const stop = await runPhase(dependencies, run, phase);
    if (stop !== null) return stop.kind === "failed" ? fail(dependencies, run, stop) : stop;
  }
  const facts = await completeFacts(dependencies, run);
  if ("kind" in facts) return facts.kind === "failed" ? fail(dependencies, run, facts) : facts;
  const verdict = judge(run.dataset, facts, now());
  switch (verdict.kind) {
    case "fail":
      return fail(dependencies, run, { kind: "failed", failure: verdict.failure });
    case "hold": {
      const result = await store.hold(run, verdict.hold);
      return result === "superseded" ? { kind: result } : { kind: "held", hold: verdict.hold };
    }
    case "publish":
      return { kind: await store.publish(run) };
    default:
      return verdict satisfies never;
  }
}

async function fail({ store }: RunDependencies, run: RunHandle, stop: Failed): Promise<RunOutcome> {
  const result = await store.fail(run, stop.failure);
  return result === "superseded" ? { kind: result } : stop;
}

/** Reads of a phase side by side; the first that stops the run ends the others at once. */
async function runPhase(
  dependencies: RunDependencies,
  run: RunHandle,
  phase: readonly ReadPlan[],
): Promise<Stop | null> {
  if (dependencies.signal.aborted) return { kind: "stopped" };
  const checkpoints = await dependencies.store.checkpoints(run);
  const others = new AbortController();
  const signal = AbortSignal.any([dependencies.signal, others.signal]);
  let first: Stop | null = null;
  const settled = await Promise.allSettled(
    phase.map(async (plan) => {
      const checkpoint = checkpointOf(checkpoints, plan.read);
      if (isOver(checkpoint, plan)) return;
      try {
        const outcome = await runRead({ ...dependencies, signal }, run, checkpoint);
        const stop = await settle(dependencies, run, plan, outcome);
        first ??= stop;
        if (stop !== null) others.abort();
      } catch (error) {
        others.abort();
        throw error;
      }
    }),
  );
  for (const result of settled) if (result.status === "rejected") throw result.reason;
  return first;
}

/** A mandatory read that had ended without its rows while the run went on is tried again. */
const isOver = (checkpoint: Checkpoint, plan: ReadPlan): boolean =>
  checkpoint.state === "complete" ||
  (plan.need === "optional" &&
    (checkpoint.state === "unavailable" || checkpoint.state === "failed"));

function checkpointOf(checkpoints: readonly Checkpoint[], read: Read): Checkpoint {
  const checkpoint = checkpoints.find((candidate) => candidate.read === read);
  if (checkpoint === undefined) throw new Error(`The run has no checkpoint for ${read}.`);
  return checkpoint;
}

/** Writes down how a read ended and says whether the run can go on without it. */
async function settle(
  { store }: RunDependencies,
  run: RunHandle,
  plan: ReadPlan,
  outcome: ReadOutcome,
): Promise<Stop | null> {
  switch (outcome.kind) {
    case "complete":
      return null;
    case "superseded":
    case "stopped":
      return { kind: outcome.kind };
    case "paused":
      return outcome;
    case "ended": {
      if ((await store.endRead(run, plan.read, outcome.end)) === "superseded") {
        return { kind: "superseded" };
      }
      return stopOf(plan, outcome.end);
    }
    default:
      return outcome satisfies never;
  }
}

const stopOf = (plan: ReadPlan, end: EndedRead): Stop | null =>
  plan.need === "mandatory" || endsTheRun(end) ? { kind: "failed", failure: end.failure } : null;

/** Counts the read; SKUs that somebody holds and the list lacks make the list read once more. Source: DESIGN §4.5. */
async function completeFacts(
  dependencies: RunDependencies,
  run: RunHandle,
): Promise<RunFacts | Stop> {
  const { store } = dependencies;
  const facts = await store.facts(run);
  if (facts === "superseded") return { kind: facts };
  if (facts.heldButUnlisted === 0) return facts;
  if ((await store.restartRead(run, "subscribed-skus-second")) === "superseded") {
    return { kind: "superseded" };
  }
  const list = phasesOf(run.dataset)
    .flat()
    .filter((plan) => plan.read === "subscribed-skus-second");
  const stop = await runPhase(dependencies, run, list);
  if (stop !== null) return stop;
  const again = await store.facts(run);
  return again === "superseded" ? { kind: again } : again;
}
