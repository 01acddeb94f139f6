import { webEnv } from "#lib/env";
import { createWebPlatform, type Platform } from "#lib/services/context";
import { log } from "./log.ts";

type WebPlatform = Platform & { close(): Promise<void> };

/** One per process: Next may load this module several times, the connections are kept beside all of them. */
const kept = globalThis as { seatledgerPlatform?: Promise<WebPlatform> | undefined };

/**
 * The web program's platform, opened at first use. A failed opening is tried again at the next request.
 * @throws when the database does not answer or its role is not the web program's.
 */
export function webPlatform(): Promise<WebPlatform> {
  kept.seatledgerPlatform ??= createWebPlatform(webEnv(), (error) =>
    log.error({ err: error }, "queue connection"),
  ).catch((error: unknown) => {
    kept.seatledgerPlatform = undefined;
    throw error;
  });
  return kept.seatledgerPlatform;
}
