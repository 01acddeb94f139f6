import { setTimeout as sleep } from "node:timers/promises";

/**
 * Looks again and again until `look` returns something. Rejects with what was looked for when time is over: a condition
 * with a bound, not a sleep that hopes.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | null | false>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}
