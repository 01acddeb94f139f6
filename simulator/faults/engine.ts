import type { Stream } from "../types.ts";
import { type Fault, type FaultInput, type FaultOf, faultSchema } from "./types.ts";

/** What a request is, for matching faults. `page` counts from 1. */
export type Situation = { stream: Stream; endpoint: string; page: number };

type ActiveFault = { fault: Fault; seen: number; applied: number; blockedUntil: number };

/** How a 429 is to be answered. `retryAfter` is the header's text, null for no header. */
export type Throttled = { fault: FaultOf<"throttle">; retryAfter: string | null; early: boolean };

/** Kinds that describe the tenant or its answers as a state, not single requests: their counters stay untouched. */
type StateKind =
  | "unknown-sku"
  | "listed-and-deleted"
  | "vanishing-user"
  | "mass-drop"
  | "concealed"
  | "refresh-date"
  | "duplicate-rows";

/** The faults of one tenant. */
export type FaultEngine = ReturnType<typeof createFaultEngine>;

/** Creates an engine without faults. `now` gives milliseconds, for throttling windows. */
export function createFaultEngine(now: () => number = Date.now) {
  let active: ActiveFault[] = [];
  let release: () => void = () => {};
  let cleared = new Promise<void>((resolve) => {
    release = resolve;
  });

  function set(faults: readonly FaultInput[]): Fault[] {
    active = faults.map((input) => ({
      fault: faultSchema.parse(input),
      seen: 0,
      applied: 0,
      blockedUntil: 0,
    }));
    release();
    cleared = new Promise((resolve) => {
      release = resolve;
    });
    return list();
  }

  function list(): Fault[] {
    return active.map((entry) => entry.fault);
  }

  /** The fault of this kind that hits this request, counting the request. */
  function hit<K extends Fault["kind"]>(kind: K, situation: Situation): FaultOf<K> | undefined {
    for (const entry of active) {
      if (isKind(entry.fault, kind) && matches(entry.fault, situation) && take(entry))
        return entry.fault;
    }
    return undefined;
  }

  /** The fault of a state kind, whatever the request; nothing is counted. */
  function state<K extends StateKind>(kind: K): FaultOf<K> | undefined {
    return list().find((fault): fault is FaultOf<K> => fault.kind === kind);
  }

  /** A 429 for this request: a new one, or the refusal of a retry that came before its time. */
  function throttled(situation: Situation): Throttled | undefined {
    for (const entry of active) {
      const { fault } = entry;
      if (fault.kind !== "throttle" || !matches(fault, situation)) continue;
      if (now() < entry.blockedUntil)
        return {
          fault,
          retryAfter: retryAfterText(fault, (entry.blockedUntil - now()) / 1000, now()),
          early: true,
        };
      if (!take(entry)) continue;
      entry.blockedUntil = now() + fault.seconds * 1000;
      return { fault, retryAfter: retryAfterText(fault, fault.seconds, now()), early: false };
    }
    return undefined;
  }

  return {
    set,
    list,
    hit,
    state,
    throttled,
    /** Settles when the faults are next set or cleared; a hanging response waits for it. */
    changed: () => cleared,
    /** Faults with how often each matched and was applied. */
    counts: () => active.map(({ fault, seen, applied }) => ({ kind: fault.kind, seen, applied })),
  };
}

function isKind<K extends Fault["kind"]>(fault: Fault, kind: K): fault is FaultOf<K> {
  return fault.kind === kind;
}

function matches(fault: Fault, { stream, endpoint, page }: Situation): boolean {
  if (fault.stream === undefined && stream === "token") return false;
  if (fault.stream !== undefined && fault.stream !== stream) return false;
  if (fault.endpoint !== undefined && fault.endpoint !== endpoint) return false;
  return fault.page === undefined || fault.page === page;
}

function take(entry: ActiveFault): boolean {
  entry.seen += 1;
  const { after = 0, every = 1, times = Number.POSITIVE_INFINITY } = entry.fault;
  const position = entry.seen - after;
  if (position < 1 || position % every !== 0 || entry.applied >= times) return false;
  entry.applied += 1;
  return true;
}

function retryAfterText(fault: FaultOf<"throttle">, seconds: number, now: number): string | null {
  switch (fault.retryAfter) {
    case "integer":
      return String(Math.ceil(seconds));
    case "decimal":
      return seconds.toFixed(3);
    case "date":
      // HTTP dates have whole seconds; rounding up keeps an obedient client out of the window.
      return new Date(Math.ceil((now + seconds * 1000) / 1000) * 1000).toUTCString();
    case "missing":
      return null;
    default:
      return fault.retryAfter;
  }
}
