/** Services Microsoft throttles apart from each other. Source: reference/microsoft-graph.md §4.1, §4.2. */
export const graphServices = ["directory", "identity-reports", "usage-reports"] as const;
export type GraphService = (typeof graphServices)[number];

/** So many requests in any span of `perMs` milliseconds. */
export interface Budget {
  readonly requests: number;
  readonly perMs: number;
}

/** Null: bound by latency and not by a quota worth counting, so only what Microsoft refuses counts. */
export type Budgets = Readonly<Record<GraphService, Budget | null>>;

/**
 * What one app may ask of one tenant. Requests are spread a little wider than allowed, because they do not all take
 * equally long to arrive. Source: reference/microsoft-graph.md §4.1, §4.2.
 */
export const budgets: Budgets = {
  directory: null,
  /** 5 in 10 s, one after the other. */
  "identity-reports": { requests: 1, perMs: 2250 },
  /** 14 in 10 minutes of each report by itself. */
  "usage-reports": { requests: 14, perMs: 601_000 },
};

/** How long a request has to wait for its turn, ms; `reason` null = not at all. */
export interface Turn {
  readonly waitMs: number;
  readonly reason: "limited" | "pacing" | null;
}

/** What a request is counted as. `operation` where Microsoft counts the operations of a service by themselves. */
export interface PacedRequest {
  readonly service: GraphService;
  readonly operation?: string;
}

/**
 * Shares the budgets of one tenant among everybody who asks it something, in whatever process. Instants never leave it,
 * since machines disagree about the time. Source: DESIGN §4.4.
 */
export interface Pacer {
  /** Takes a place in the budget; it is gone when the request is not made after all. */
  reserve(request: PacedRequest): Promise<Turn>;
  /** Microsoft wants the service left alone for so many milliseconds: told to everybody. */
  limit(service: GraphService, ms: number): Promise<void>;
  /** Milliseconds the service has to be left alone, as far as this process knows; 0 = not limited. Asks nobody. */
  limitedFor(service: GraphService): number;
}
