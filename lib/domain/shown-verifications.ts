import type { VerificationItem } from "./verification-item.ts";

type Check = Pick<VerificationItem, "kind" | "state" | "permissions">;

/** The checks a connection's page tells. Undefined where there is none. */
export interface ShownVerifications<T> {
  /** How the connection fares. */
  readonly last: T | undefined;
  /** The last that saw permissions, and the one before it. */
  readonly looked: T | undefined;
  readonly lookedBefore: T | undefined;
}

/**
 * Chooses among a connection's checks, the newest first. Once the tenant is proven, a check of a new credential that was
 * refused says nothing of the one in use, which goes on (DESIGN §7 step 4): it is told where the credential is replaced.
 */
export function shownVerifications<T extends Check>(
  newestFirst: readonly T[],
  proven: boolean,
): ShownVerifications<T> {
  const own = newestFirst.filter(
    ({ kind, state }) => !(proven && kind === "credential" && state === "failed"),
  );
  const [looked, lookedBefore] = own.filter(({ permissions }) => permissions.length > 0);
  return { last: own[0], looked, lookedBefore };
}
