import { setTimeout as sleep } from "node:timers/promises";
import { createDice } from "./dice.ts";
import { findDifferences } from "./differences.ts";
import type { Observer, RunSight } from "./observer.ts";
import { throughOutages } from "./outages.ts";
import { hasCome, type ImportPlan, type PlannedKill, planImport, planTenant } from "./plan.ts";
import type { PollingReader } from "./reader.ts";
import { differenceProblem } from "./report.ts";
import { type ConnectedTenant, connectTenant, requestImport } from "./request-import.ts";
import { describeScene } from "./scene.ts";
import type { Tally } from "./tally.ts";
import type { World } from "./world.ts";

/** What a lane works with. */
export interface LaneDependencies {
  readonly world: World;
  readonly observer: Observer;
  readonly reader: PollingReader;
  readonly tally: Tally;
  readonly seed: number;
  /** Imports under way, for the observer. */
  readonly watched: Set<string>;
  readonly progress: (line: string) => void;
}

/** A run without any progress for so long is stuck: twice what a takeover may take. */
const stuckMs = 120_000;

/**
 * One of several tenants that are imported at the same time: import after import, each compared with the tenant when it
 * ends, until no kill is left. Returns early after a stuck run, whose rows stay as they are for the report.
 */
export async function runLane(lane: number, dependencies: LaneDependencies): Promise<void> {
  const { seed, tally, world, reader } = dependencies;
  const dice = createDice(`chaos ${seed} lane ${lane}`);
  for (let tenantNo = 1; tally.killsLeft() > 0; tenantNo += 1) {
    const plan = planTenant(dice);
    const name = `chaos ${seed} ${lane} ${tenantNo}`;
    const made = await connectTenant(world, name, plan.size);
    reader.watch(made);
    for (let importNo = 1; importNo <= plan.imports && tally.killsLeft() > 0; importNo += 1) {
      const where = `seed ${seed}, lane ${lane}, tenant ${tenantNo}, import ${importNo}`;
      const whole = plan.datasets.length > 1;
      const outcome = await runImport(
        dependencies,
        made,
        { ...planImport(dice, plan), datasets: plan.datasets },
        where,
      );
      if (outcome === "stuck") return;
      if (outcome === "failed") continue;
      const found = await throughOutages(() =>
        findDifferences(world.installation.db, made, made.tenant, { evidence: whole }),
      );
      if (found.length > 0) tally.problem(differenceProblem(where, found), found.length);
      tally.imported(plan.datasets, made.tenant.userCount());
    }
    reader.unwatch(made);
  }
}

type Imported = "published" | "failed" | "stuck";

async function runImport(
  dependencies: LaneDependencies,
  made: ConnectedTenant,
  plan: ImportPlan & { readonly datasets: Parameters<typeof requestImport>[2] },
  where: string,
): Promise<Imported> {
  const { world, observer, tally, watched, progress } = dependencies;
  made.tenant.setFaults(plan.tenant);
  const importId = await requestImport(world.installation, made, plan.datasets);
  watched.add(importId);
  const pending = [...plan.kills];
  const recovery = createRecovery(tally);
  const stillness = createStillness();
  try {
    for (;;) {
      await observer.look();
      const runs = observer.runsOf(importId);
      recovery.look(runs);
      if (runs.length === plan.datasets.length && runs.every(isOver)) break;
      if (stillness.since(runs) > stuckMs) {
        const scene = await throughOutages(() => describeScene(world));
        tally.problem({ kind: "stuck", where, details: { importId, runs, plan, scene } });
        return "stuck";
      }
      const [kill] = pending;
      if (kill === undefined || recovery.waits() || !runs.some((run) => isDue(kill, run))) continue;
      pending.shift();
      if (!tally.takeKill(kill.kind, kill.moment)) continue;
      await sleep(kill.jitterMs);
      progress(`${where}: ${kill.kind} at ${describe(kill)}`);
      recovery.killed(observer.runsOf(importId));
      await world.strike(kill);
    }
  } finally {
    watched.delete(importId);
  }
  const failed = observer.runsOf(importId).filter((run) => run.state !== "succeeded");
  if (failed.length === 0) return "published";
  tally.problem({ kind: "failed", where, details: { importId, failed, plan } });
  return "failed";
}

const isOver = (run: RunSight): boolean => run.state !== "queued" && run.state !== "running";
const isDue = (kill: PlannedKill, run: RunSight): boolean =>
  run.dataset === kill.dataset && hasCome(kill.moment, run);
const describe = ({ dataset, moment, jitterMs }: PlannedKill): string =>
  `${dataset} ${moment.at}${moment.at === "page" ? ` ${moment.page}` : ""} + ${jitterMs} ms`;

/** Times from a kill to the first progress after it; the next kill waits for that, so that work goes on in between. */
function createRecovery(tally: Tally) {
  let open: { readonly at: number; readonly progress: number } | null = null;
  const latest = (runs: readonly RunSight[]) => Math.max(0, ...runs.map((run) => run.progressAt));
  return {
    killed(runs: readonly RunSight[]) {
      open = { at: Date.now(), progress: latest(runs) };
    },
    look(runs: readonly RunSight[]) {
      if (open === null || (latest(runs) <= open.progress && !runs.every(isOver))) return;
      tally.recovered(Date.now() - open.at);
      open = null;
    },
    waits: () => open !== null,
  };
}

/** How long nothing at all has moved, ms. */
function createStillness() {
  let last = "";
  let at = Date.now();
  return {
    since(runs: readonly RunSight[]): number {
      const now = JSON.stringify(runs.map((run) => [run.dataset, run.state, run.progressAt]));
      if (now !== last) at = Date.now();
      last = now;
      return Date.now() - at;
    },
  };
}
