import { type Budgets, budgets, type GraphService, type Pacer } from "../pacing.ts";

/** A pacer of one process, with budgets of the test's own where it gives them. */
export function createLocalPacer(now: () => number, own: Partial<Budgets> = {}): Pacer {
  const limits = new Map<GraphService, number>();
  const slots = new Map<string, readonly number[]>();
  const limitedFor = (service: GraphService) => Math.max(0, (limits.get(service) ?? 0) - now());
  return {
    limitedFor,
    limit: async (service, ms) => {
      limits.set(service, Math.max(now() + ms, limits.get(service) ?? 0));
    },
    reserve: async ({ service, operation = "" }) => {
      const budget = { ...budgets, ...own }[service];
      const limited = limitedFor(service);
      if (!budget) return { waitMs: limited, reason: limited > 0 ? "limited" : null };
      const key = `${service} ${operation}`;
      const taken = slots.get(key) ?? [];
      const full = taken.at(-budget.requests);
      const at = Math.max(
        now() + limited,
        taken.at(-1) ?? 0,
        full === undefined ? 0 : full + budget.perMs,
      );
      slots.set(key, [...taken, at].slice(-budget.requests));
      const waitMs = at - now();
      return { waitMs, reason: limited > 0 ? "limited" : waitMs > 0 ? "pacing" : null };
    },
  };
}

/** Nothing is kept to but what Microsoft says. */
export const createUnpacedPacer = (now: () => number): Pacer =>
  createLocalPacer(now, { "identity-reports": null, "usage-reports": null });
