import { setTimeout as sleep } from "node:timers/promises";
import { isDatabaseFault } from "#lib/services/database-fault";

/** How long the program itself waits for a database that it has stopped, ms. */
const patienceMs = 120_000;

/** Does what must be done while the database comes and goes: again after every fault of it. `work` is safe to repeat. */
export async function throughOutages<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseFault(error) || Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}
