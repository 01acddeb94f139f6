import type { Database } from "#db/client";
import {
  limitService,
  listLimitedServices,
  listLimitsOf,
  reserveSlot,
  type ServiceLimit,
} from "#db/queries/pacing";
import { type Budgets, budgets, type GraphService, type Pacer } from "#lib/microsoft/pacing";

interface Scope {
  readonly workspaceId: string;
  readonly connectionId: string;
}

/** Budgets and limits of Microsoft's services, shared by every worker of the installation. docs/adr/0009. */
export interface Pacing {
  /** What one connection's requests keep to. */
  pacerOf(scope: Scope): Pacer;
  /** Learns what one connection was told elsewhere: before a run begins to ask. */
  learn(scope: Scope): Promise<void>;
  /** Learns what all of them were told elsewhere. */
  learnAll(): Promise<void>;
}

/**
 * Pacing by the database. Only services with a small budget ask it before each request; a directory's page costs nothing,
 * because limits told elsewhere are learned at the beginning of a run and every few seconds for all runs at once.
 */
export function createPacing(db: Database, now: () => number, allowed: Budgets = budgets): Pacing {
  const limits = new Map<string, number>();
  const keyOf = (connectionId: string, service: string) => `${connectionId} ${service}`;

  function remember(found: readonly ServiceLimit[]): void {
    for (const { connectionId, service, limitedMs } of found) {
      const key = keyOf(connectionId, service);
      limits.set(key, Math.max(limits.get(key) ?? 0, now() + limitedMs));
    }
    for (const [key, until] of limits) if (until <= now()) limits.delete(key);
  }

  function pacerOf(scope: Scope): Pacer {
    const { workspaceId, connectionId } = scope;
    const limitedFor = (service: GraphService): number =>
      Math.max(0, (limits.get(keyOf(connectionId, service)) ?? 0) - now());
    return {
      limitedFor,
      async limit(service, ms) {
        remember([{ connectionId, service, limitedMs: ms }]);
        await db.inWorkspace(workspaceId, (tx) => limitService(tx, { ...scope, service }, ms));
      },
      async reserve({ service, operation = "" }) {
        const budget = allowed[service];
        if (budget === null) {
          const waitMs = limitedFor(service);
          return { waitMs, reason: waitMs > 0 ? "limited" : null };
        }
        const { waitMs, limitedMs } = await db.inWorkspace(workspaceId, (tx) =>
          reserveSlot(tx, { ...scope, service, operation }, budget),
        );
        if (limitedMs > 0) remember([{ connectionId, service, limitedMs }]);
        return { waitMs, reason: limitedMs > 0 ? "limited" : waitMs > 0 ? "pacing" : null };
      },
    };
  }

  return {
    pacerOf,
    learn: async (scope) =>
      remember(await db.inWorkspace(scope.workspaceId, (tx) => listLimitsOf(tx, scope))),
    learnAll: async () => remember(await db.outside(listLimitedServices)),
  };
}
