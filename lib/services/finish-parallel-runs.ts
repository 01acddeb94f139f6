import type { Tx } from "#db/client";
import {
  findParallelRun,
  listDueParallelRuns,
  recordObstacle,
  takeDueParallelRun,
} from "#db/queries/parallel-runs";
import { lockScope } from "#db/queries/switch-facts";
import { choicesOf } from "#lib/domain/switching";
import type { Actor } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx, WorkerPlatform } from "./context.ts";
import { SwitchRefusedError, switchWithin } from "./switch-source.ts";

/** The end of a parallel run, acting for the workspace. */
const switcher: Actor = { kind: "system", id: "parallel-run", name: "Parallel run", role: "owner" };

type Part = Pick<WorkerPlatform, "db" | "log"> & Ctx["platform"];

/** How many parallel runs a round switched, and how many something stands in the way of. */
export interface ParallelRound {
  readonly switched: number;
  readonly refused: number;
}

/**
 * Switches every parallel run whose days are over, each in a transaction of its own. One that cannot be switched keeps
 * the reason, counts as before and is tried again in the next round. Source: DESIGN §5 Superseding.
 */
export async function finishParallelRuns(
  platform: Part,
  signal: AbortSignal,
): Promise<ParallelRound> {
  const round = { switched: 0, refused: 0 };
  for (const key of await platform.db.outside((tx) => listDueParallelRuns(tx))) {
    if (signal.aborted) return round;
    const outcome = await finishOne(platform, key);
    if (outcome !== "not-taken") round[outcome] += 1;
  }
  return round;
}

type Key = { readonly workspaceId: string; readonly id: string };
type Outcome = keyof ParallelRound | "not-taken";

async function finishOne(platform: Part, key: Key): Promise<Outcome> {
  const ctx: Ctx = { platform, workspaceId: key.workspaceId, actor: switcher };
  try {
    return await platform.db.inWorkspace(key.workspaceId, (tx) => finish(tx, ctx, key));
  } catch (error) {
    if (error instanceof SwitchRefusedError) return refuse(ctx, key, error);
    platform.log.error("parallel-run-left-due", { ...key }, error);
    return "not-taken";
  }
}

/** Connections are locked before the run: the order of whoever switches by hand. */
async function finish(tx: Tx, ctx: Ctx, key: Key): Promise<Outcome> {
  const found = await findParallelRun(tx, key);
  if (found === undefined) return "not-taken";
  await lockScope(tx, { workspaceId: key.workspaceId, tenantId: found.tenantId });
  const run = await takeDueParallelRun(tx, key);
  if (run === undefined) return "not-taken";
  const { by, tenantId } = run;
  await switchWithin(tx, ctx, { by, tenantId, choices: choicesOf(run), confirmed: false });
  return "switched";
}

/** Notes the reason, and tells of it when it is another than before. */
async function refuse(ctx: Ctx, key: Key, refusal: SwitchRefusedError): Promise<Outcome> {
  const { obstacle } = refusal;
  await ctx.platform.db.inWorkspace(key.workspaceId, async (tx) => {
    const run = await takeDueParallelRun(tx, key);
    if (run === undefined || run.obstacle?.kind === obstacle.kind) return;
    await recordObstacle(tx, key, obstacle);
    await auditChange(tx, ctx, {
      action: "parallel-run.refused",
      target: { kind: "parallel-run", id: key.id },
      details: { by: run.by, tenantId: run.tenantId, obstacle },
    });
  });
  return "refused";
}
