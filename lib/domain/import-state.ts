import type { Dataset, ImportState, ReadPlan, RunState, StreamState } from "./import.ts";
import { activeRunStates } from "./import.ts";
import type { UnavailableReason } from "./quantity.ts";

/** Where one read of a run stands. `reason` and `permission` say why an `unavailable` one is not to be had. */
export interface ReadOutcome {
  readonly need: ReadPlan["need"];
  readonly state: "queued" | "running" | "complete" | "unavailable" | "failed";
  readonly reason: UnavailableReason | null;
  readonly permission: string | null;
}

/** How a finished set of reads ended: what was lost outright comes before what is not to be had. */
const endOf = (reads: readonly ReadOutcome[]): StreamState | null => {
  if (reads.some((read) => read.state === "failed")) return "failed";
  return reads.some((read) => read.state === "unavailable") ? "unavailable" : null;
};

/**
 * The state of a stream, from its reads. Mandatory reads decide where there are any (a lost optional read is told beside
 * the state, and makes the import `partial`); a stream of optional reads alone ends as they do. What a run left unread
 * when it ended is `cancelled`. Source: DESIGN §6 (stream state), §4 Run states.
 */
export const streamState = (reads: readonly ReadOutcome[], run: RunState): StreamState => {
  const mandatory = reads.filter((read) => read.need === "mandatory");
  const end = endOf(mandatory.length > 0 ? mandatory : reads);
  const open = reads.filter((read) => read.state === "queued" || read.state === "running");
  if (open.length === 0) return end ?? "succeeded";
  if (!activeRunStates.includes(run)) return end ?? "cancelled";
  return open.length === reads.length && open.every((read) => read.state === "queued")
    ? "queued"
    : "running";
};

/** One dataset run of an import, with its reads. */
export interface RunOutcome {
  readonly dataset: Dataset;
  readonly state: RunState;
  readonly reads: readonly ReadOutcome[];
}

/**
 * Whether an absence was to be expected: the tenant's licences or cloud do not have it, names are concealed by the
 * tenant's own setting, an uploaded package does not bring it, or the permission was declined at Verify. Source: DESIGN §4 Run states, fault-catalogue §1.
 */
export const isExpectedAbsence = (
  absence: Pick<ReadOutcome, "reason" | "permission">,
  declinedPermissions: readonly string[],
): boolean => {
  switch (absence.reason) {
    case "not-licensed":
    case "not-offered-in-cloud":
    case "concealed":
    case "not-reported":
      return true;
    case "permission":
      return absence.permission !== null && declinedPermissions.includes(absence.permission);
    case "stale":
    case "not-per-user":
    case "not-entered":
    case "not-imported":
    case null:
      return false;
    default:
      return absence.reason satisfies never;
  }
};

/** Whether a run that should have given something did not. */
const lostSomething = (run: RunOutcome, declinedPermissions: readonly string[]): boolean => {
  const expected = (read: ReadOutcome): boolean =>
    read.state === "unavailable" && isExpectedAbsence(read, declinedPermissions);
  const absent = run.reads.filter(
    (read) => read.state === "unavailable" || read.state === "failed",
  );
  if (absent.some((read) => !expected(read))) return true;
  if (run.state === "succeeded") return false;
  // A run may end without its dataset only because a mandatory read is, expectedly, not to be had.
  return run.state !== "failed" || !absent.some((read) => read.need === "mandatory");
};

/**
 * The state of an import, from its runs. The directory decides whether it failed, was cancelled or superseded; a held
 * run waits for a person; `partial` means something that should have been read was lost. Throws RangeError without a
 * directory run. Source: DESIGN §4 Run states, fault-catalogue B17, B38.
 */
export const importState = (
  runs: readonly RunOutcome[],
  declinedPermissions: readonly string[] = [],
): ImportState => {
  const directory = runs.find((run) => run.dataset === "directory");
  if (directory === undefined) throw new RangeError("an import has a directory run");
  if (runs.every((run) => run.state === "queued")) return "queued";
  if (runs.some((run) => activeRunStates.includes(run.state))) return "running";
  if (directory.state !== "succeeded") return directory.state;
  if (runs.some((run) => run.state === "suspect")) return "suspect";
  return runs.some((run) => lostSomething(run, declinedPermissions)) ? "partial" : "succeeded";
};
