import type { OverdueReason } from "./overdue.ts";

/** What is told of an overdue import: what happened, and what to do. */
export interface OverdueText {
  readonly what: string;
  readonly action: string;
}

/** `failedInRow`: imports that failed one after another. */
export const overdueText = (reason: OverdueReason, failedInRow: number): OverdueText => {
  switch (reason) {
    case "paused":
      return {
        what: "Imports are paused, and the schedule has passed meanwhile.",
        action: "Resume imports when the numbers should move again.",
      };
    case "action-needed":
      return {
        what: "The scheduled imports bring nothing new while the connection needs a repair.",
        action: "Repair the connection; the next import then brings the numbers up to date.",
      };
    case "no-worker":
      return {
        what: "The scheduled import waits: no worker has been seen.",
        action:
          "Ask whoever operates this installation to start a worker. The import then starts by itself, once.",
      };
    case "import-failed":
      return {
        what: `The last ${failedInRow} imports failed.`,
        action: "Open the last import: it names the cause and what to do.",
      };
    case "not-started":
      return {
        what: "The scheduled import has not started, although a worker is there.",
        action:
          "Start one with \u201CImport now\u201D, and ask whoever operates this installation to look at the worker\u2019s log.",
      };
    default:
      return reason satisfies never;
  }
};
