import { setTimeout as sleep } from "node:timers/promises";
import { beatWorker, endLostSessions } from "#db/queries/workers";
import type { ConsumeOptions, QueueName } from "#db/queue";
import { askNightlyChecks } from "#lib/services/ask-nightly-checks";
import {
  askOrganisationChecks,
  wakeOrganisationChecks,
} from "#lib/services/ask-organisation-checks";
import { cleanUp } from "#lib/services/clean-up";
import { compareChanges } from "#lib/services/compare-changes";
import type { WorkerPlatform } from "#lib/services/context";
import { finishParallelRuns } from "#lib/services/finish-parallel-runs";
import { forgetEnded } from "#lib/services/forget-ended";
import { makeKeyPair, wakeKeyPairs } from "#lib/services/make-key-pair";
import { matchPeople } from "#lib/services/match-people";
import { recomputeDaily } from "#lib/services/recompute-daily";
import { runDatasetRun } from "#lib/services/run-dataset";
import { runOrganisationCheck } from "#lib/services/run-organisation-check";
import { runPackage } from "#lib/services/run-package";
import { runVerification } from "#lib/services/run-verification";
import { startDueImports } from "#lib/services/start-due-imports";
import { wakePackages, wakeRuns, wakeVerifications } from "#lib/services/wake-runs";
import { watchCredentials } from "#lib/services/watch-credentials";
import { watchPackages } from "#lib/services/watch-packages";
import { type Round, repeat } from "./rounds.ts";
import { requireCurrentSchema, SchemaMismatchError } from "./schema-check.ts";

/**
 * Places of one process. Directories are bound by latency and memory; slow datasets mostly sleep between the few requests
 * Microsoft allows, so that many fit in, and none of them is ever in a directory's way. A person waits for a
 * verification. docs/adr/0009.
 */
const places = {
  "directory-run": { atOnce: 4, lookEverySeconds: 1 },
  "slow-run": { atOnce: 16, lookEverySeconds: 3 },
  verification: { atOnce: 4, lookEverySeconds: 1 },
  package: { atOnce: 2, lookEverySeconds: 1 },
  "key-pair": { atOnce: 1, lookEverySeconds: 1 },
  "saas-check": { atOnce: 2, lookEverySeconds: 1 },
} as const satisfies Record<QueueName, ConsumeOptions>;

/** A restarted worker lets interrupted runs go on before it looks for stuck ones, ms. */
const graceMs = 60_000;

export interface RunningWorker {
  /**
   * Takes no more work, lets handlers reach a page boundary and rounds end for at most `drainMs`. What still goes on
   * then is undone when its database connection closes.
   */
  stop(drainMs: number): Promise<void>;
}

/**
 * Starts handling jobs and the rounds of one worker. `onMismatch` is told when the database was migrated meanwhile.
 * Source: DESIGN §3, §4.2.
 */
export async function startWorker(
  platform: WorkerPlatform,
  onMismatch: (mismatch: SchemaMismatchError) => void,
): Promise<RunningWorker> {
  const stopping = new AbortController();
  const { log, queue } = platform;

  await platform.pacing.learnAll();
  for (const runs of ["directory-run", "slow-run"] as const) {
    await queue.consume(runs, places[runs], async ({ workspaceId, id: runId }, signal) => {
      const { again } = await runDatasetRun(platform, { workspaceId, runId }, signal);
      if (again !== null) return again;
    });
  }
  await queue.consume(
    "verification",
    places.verification,
    async ({ workspaceId, id: verificationId }, signal) => {
      const end = await runVerification(platform, { workspaceId, verificationId }, signal).catch(
        (error: unknown) => {
          // The database was away: the row says what is to be done and the reconciler sends it again.
          log.error("verification-left-open", { verificationId }, error);
          return "left-open" as const;
        },
      );
      log.info("verification-ended", { verificationId, outcome: end });
    },
  );

  await queue.consume("package", places.package, async ({ workspaceId, id: packageId }, signal) => {
    const end = await runPackage(platform, { workspaceId, packageId }, signal).catch(
      (error: unknown) => {
        // The database was away, or the worker stops: the row says what is to be done.
        log.error("package-left-open", { packageId }, error);
        return "left" as const;
      },
    );
    if (end !== "left" && end !== "waiting") log.info("package-ended", { packageId, outcome: end });
  });

  await queue.consume("key-pair", places["key-pair"], async ({ workspaceId, id }) => {
    // What goes wrong here is the database's fault or ours: the row stays, and the reconciler sends it again.
    const made = await makeKeyPair(platform, { workspaceId, credentialId: id }).catch(
      (error: unknown) => {
        log.error("key-pair-left-open", { credentialId: id }, error);
        return false;
      },
    );
    log.info("key-pair-ended", { credentialId: id, made });
  });

  await queue.consume(
    "saas-check",
    places["saas-check"],
    async ({ workspaceId, id: checkId }, signal) => {
      const end = await runOrganisationCheck(platform, { workspaceId, checkId }, signal).catch(
        (error: unknown) => {
          // The database was away: the row says what is to be done and the reconciler sends it again.
          log.error("saas-check-left-open", { checkId }, error);
          return "left-open" as const;
        },
      );
      log.info("saas-check-ended", { checkId, outcome: end });
    },
  );

  const rounds = [schemaRound(platform, onMismatch), ...roundsOf(platform, stopping.signal)];
  const loops = Promise.all(rounds.map((round) => repeat(round, log, stopping.signal)));
  return {
    async stop(drainMs) {
      stopping.abort();
      await Promise.all([
        queue.stop(drainMs),
        Promise.race([loops, sleep(drainMs, undefined, { ref: false })]),
      ]);
    },
  };
}

const schemaRound = (
  { db }: Pick<WorkerPlatform, "db">,
  onMismatch: (mismatch: SchemaMismatchError) => void,
): Round => ({
  name: "check-schema",
  everySeconds: 5,
  work: () =>
    requireCurrentSchema(db).catch((error: unknown) => {
      if (!(error instanceof SchemaMismatchError)) throw error;
      onMismatch(error);
    }),
});

function roundsOf(platform: WorkerPlatform, signal: AbortSignal): readonly Round[] {
  const startedAt = Date.now();
  return [
    {
      name: "beat",
      everySeconds: 5,
      work: async () => {
        await platform.db.outside((tx) => beatWorker(tx, platform.workerId));
        const ended = await platform.db.outside((tx) => endLostSessions(tx));
        if (ended > 0) platform.log.info("lost-sessions-ended", { sessions: ended });
      },
    },
    { name: "learn-limits", everySeconds: 5, work: () => platform.pacing.learnAll() },
    {
      name: "wake-verifications",
      everySeconds: 3,
      work: async () => {
        await wakeVerifications(platform);
        await wakeKeyPairs(platform);
        await wakeOrganisationChecks(platform);
      },
    },
    {
      name: "wake-packages",
      everySeconds: 3,
      work: async () => {
        await wakePackages(platform);
      },
    },
    {
      name: "wake-runs",
      everySeconds: 12,
      work: async () => {
        const mayFail = Date.now() - startedAt > graceMs;
        const { failed } = await wakeRuns(platform, { mayFail });
        if (failed > 0) platform.log.info("runs-failed-without-progress", { runs: failed });
      },
    },
    {
      name: "compare-changes",
      everySeconds: 5,
      work: async () => {
        const sets = await compareChanges(platform, signal);
        if (sets > 0) platform.log.info("changes-compared", { sets });
      },
    },
    {
      name: "match-people",
      everySeconds: 5,
      work: async () => {
        const pairs = await matchPeople(platform, signal);
        if (pairs > 0) platform.log.info("people-matched", { pairs });
      },
    },
    {
      name: "forget-ended",
      everySeconds: 5,
      work: async () => {
        const connections = await forgetEnded(platform);
        if (connections > 0) platform.log.info("tokens-forgotten", { connections });
      },
    },
    {
      name: "start-due-imports",
      everySeconds: 10,
      work: async () => {
        const { started, joined, refused } = await startDueImports(platform, signal);
        if (started + joined + refused > 0) {
          platform.log.info("scheduled-imports", { started, joined, refused });
        }
      },
    },
    {
      name: "finish-parallel-runs",
      everySeconds: 60,
      work: async () => {
        const { switched, refused } = await finishParallelRuns(platform, signal);
        if (switched + refused > 0) platform.log.info("parallel-runs", { switched, refused });
      },
    },
    {
      name: "nightly-checks",
      everySeconds: 5,
      work: async () => {
        const asked = await askNightlyChecks(platform, signal);
        if (asked > 0) platform.log.info("nightly-checks-asked", { checks: asked });
      },
    },
    {
      name: "organisation-checks",
      everySeconds: 600,
      work: async () => {
        const asked = await askOrganisationChecks(platform, signal);
        if (asked > 0) platform.log.info("organisation-checks-asked", { checks: asked });
      },
    },
    {
      name: "watch-credentials",
      everySeconds: 900,
      work: async () => {
        await watchCredentials(platform, signal);
      },
    },
    {
      name: "watch-packages",
      everySeconds: 900,
      work: async () => {
        await watchPackages(platform, signal);
      },
    },
    {
      name: "recompute-daily",
      everySeconds: 600,
      work: async () => {
        const connections = await recomputeDaily(platform, signal);
        if (connections > 0) platform.log.info("recomputed", { connections });
      },
    },
    {
      name: "clean-up",
      everySeconds: 3600,
      work: async () => {
        const snapshots = await cleanUp(platform, signal);
        if (snapshots > 0) platform.log.info("cleaned-up", { snapshots });
      },
    },
  ];
}
