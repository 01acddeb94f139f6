import type { Read } from "#lib/domain/import";
import type { ImportStore, RunHandle, SourceWait } from "./ports.ts";

/** Shorter waits are counted and not shown. Milliseconds. */
const shownFromMs = 1000;

/** Tells the waits of one read to the store. */
export interface WaitNotes {
  readonly onWait: (wait: SourceWait) => void;
  /** Waits that no write has told yet; taking them resets the count. */
  takeRetries(): number;
  /** Resolves when every note is written; throws when one could not be. */
  settled(): Promise<void>;
}

/**
 * Waits reach the store one after the other while pages are fetched. `onSuperseded` is called when a note finds the run
 * taken or cancelled, so that a long wait does not keep a lost run alive.
 */
export function createWaitNotes(options: {
  readonly store: ImportStore;
  readonly run: RunHandle;
  readonly read: Read;
  readonly now: () => Date;
  readonly onSuperseded: () => void;
}): WaitNotes {
  const { store, run, read, now, onSuperseded } = options;
  let retries = 0;
  let writing: Promise<void> = Promise.resolve();
  const takeRetries = (): number => {
    const taken = retries;
    retries = 0;
    return taken;
  };
  return {
    takeRetries,
    settled: () => writing,
    onWait(wait) {
      if (wait.attempt > 0) retries += 1;
      if (wait.until.getTime() - now().getTime() < shownFromMs) return;
      writing = writing.then(async () => {
        const result = await store.noteWait(run, read, wait, takeRetries());
        if (result === "superseded") onSuperseded();
      });
      // Thrown at the next page boundary, by settled().
      writing.catch(() => undefined);
    },
  };
}
