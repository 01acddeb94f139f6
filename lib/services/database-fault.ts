/** SQLSTATE classes of a database that is away, full, overloaded or chose us as a victim. */
const faultClasses = ["08", "40", "53", "57", "58"] as const;

/** What the server and the drivers say when the connection itself is gone; 25P03: a transaction idle for too long. */
const connectionCodes = [
  "25P03",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
] as const;

/**
 * Whether the database failed us rather than our statement: worth another attempt.
 * Source: reference/fault-catalogue.md §1, class `database`.
 */
export function isDatabaseFault(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!("code" in cause) || typeof cause.code !== "string") continue;
    const { code } = cause;
    if (connectionCodes.some((known) => known === code)) return true;
    if (/^[0-9A-Z]{5}$/.test(code) && faultClasses.some((known) => code.startsWith(known))) {
      return true;
    }
  }
  return false;
}

/** Somebody holds the connection's row for longer than this transaction waits: a publish, a recompute. */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && error.code === "55P03") || isLockTimeout(error.cause));
