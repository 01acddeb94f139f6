import type { Dataset } from "#lib/domain/import";
import type { FaultInput } from "#simulator/faults/types";
import type { Dice } from "./dice.ts";
import type { RunSight } from "./observer.ts";
import type { Kill, KillKind } from "./world.ts";

/** When to kill: by what the tables show of the run, not by the clock. */
export type Moment =
  | { readonly at: "taken" | "all-read" | "publishing" }
  | { readonly at: "page"; readonly page: number };

/** A kill and its moment; `jitterMs` later the page in flight, a commit or the publish is somewhere else. */
export interface PlannedKill extends Kill {
  readonly dataset: Dataset;
  readonly moment: Moment;
  readonly jitterMs: number;
}

/** One import as the dice want it: what has changed in the tenant since the last one, and what happens meanwhile. */
export interface ImportPlan {
  /** State of the tenant and slowness of its answers; nothing here damages an answer. */
  readonly tenant: readonly FaultInput[];
  readonly kills: readonly PlannedKill[];
}

/** A tenant is imported several times (directory), or once in full: usage reports are rationed per tenant. */
export interface TenantPlan {
  readonly size: number;
  readonly datasets: readonly Dataset[];
  readonly imports: number;
}

export function planTenant(dice: Dice): TenantPlan {
  return dice.happens(0.25)
    ? { size: dice.between(150, 450), datasets: ["directory", "sign-ins", "usage"], imports: 1 }
    : { size: dice.between(300, 3400), datasets: ["directory"], imports: dice.between(3, 6) };
}

/** Workers are killed most, since that is what happens most. */
const kindsByWeight: readonly [KillKind, ...KillKind[]] = [
  "worker",
  "worker",
  "worker",
  "postgres",
  "network-microsoft",
  "network-database",
];

/** Fewer accounts than a hold needs, so that every import publishes by itself. */
export function planImport(dice: Dice, tenant: TenantPlan): ImportPlan {
  const whole = tenant.datasets.length > 1;
  const upTo = Math.min(18, Math.floor(tenant.size / 20));
  const changes: FaultInput[] = [{ kind: "slow", stream: "users", delayMs: dice.between(20, 250) }];
  if (dice.happens(0.7)) changes.push({ kind: "unknown-sku", count: dice.between(1, upTo) });
  if (dice.happens(0.7)) changes.push({ kind: "vanishing-user", count: dice.between(1, upTo) });
  if (dice.happens(0.4) && !whole) {
    changes.push({ kind: "listed-and-deleted", count: dice.between(1, upTo) });
  }
  const kills = Array.from({ length: dice.between(1, 3) }, () => planKill(dice, tenant));
  return { tenant: changes, kills: kills.toSorted((a, b) => order(a.moment) - order(b.moment)) };
}

function planKill(dice: Dice, { size, datasets }: TenantPlan): PlannedKill {
  const pages = Math.ceil(size / 999);
  return {
    kind: dice.pick(kindsByWeight),
    worker: dice.between(0, 99),
    outageMs: dice.between(0, 1500),
    dataset: dice.pick([datasets[0] ?? "directory", ...datasets]),
    moment: dice.pick<Moment>([
      { at: "taken" },
      { at: "page", page: dice.between(1, pages) },
      { at: "page", page: dice.between(1, pages) },
      { at: "all-read" },
      { at: "publishing" },
    ]),
    jitterMs: dice.between(0, 120),
  };
}

function order(moment: Moment): number {
  switch (moment.at) {
    case "taken":
      return 0;
    case "page":
      return moment.page;
    case "all-read":
      return 1000;
    case "publishing":
      return 1001;
    default:
      return moment satisfies never;
  }
}

/** Whether a run has come to the moment. A dataset without accounts reaches its pages when it is taken. */
export function hasCome(moment: Moment, run: RunSight): boolean {
  if (run.state !== "running") return false;
  switch (moment.at) {
    case "taken":
      return true;
    case "page":
      return run.dataset !== "directory" || run.userPages >= moment.page;
    case "all-read":
      return run.allRead;
    case "publishing":
      return run.allRead && run.publishing;
    default:
      return moment satisfies never;
  }
}
