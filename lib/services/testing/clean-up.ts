import type { TestDatabase } from "#db/testing/test-database";
import { cleanUp } from "../clean-up.ts";

/** Cleans up as the worker's round does; what the round would log as a fault is thrown. */
export const runCleanUp = ({ worker }: TestDatabase): Promise<number> =>
  cleanUp(
    {
      db: worker,
      log: {
        info: () => undefined,
        error: (event, _facts, error) => {
          throw new Error(event, { cause: error });
        },
      },
    },
    new AbortController().signal,
  );
