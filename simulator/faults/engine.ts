import { fractionAt, seedNumber } from "../seed/random.ts";
import type { Stream } from "../types.ts";
import { createWait, type Wait } from "./retry-after.ts";
import { type Fault, type FaultInput, type FaultOf, faultSchema } from "./types.ts";

/** What a request is, for matching faults. `page` counts from 1. */
export type Situation = { stream: Stream; endpoint: string; page: number };

type ActiveFault = {
  fault: Fault;
  seen: number;
  applied: number;
  /** How often each page was asked for, for faults with a share. */
  attempts: Map<string, number>;
  /** What is being waited for, by page or under "" for all the fault selects. */
  waits: Map<string, Wait>;
};

/** How a 429 is to be answered. `retryAfter` is the header's text, null for no header. */
export type Throttled = { fault: FaultOf<"throttle">; retryAfter: string | null; early: boolean };

/** Kinds that describe the tenant or its answers as a state, not single requests: their counters stay untouched. */
type StateKind =
  | "unknown-sku"
  | "listed-and-deleted"
  | "vanishing-user"
  | "churn"
  | "mass-drop"
  | "concealed"
  | "refresh-date"
  | "duplicate-rows";

/** Settings of an engine. */
export type EngineOptions = {
  /** Milliseconds, for throttling windows. */
  now?: () => number;
  /** How many times faster than real time those windows pass. */
  clockScale?: () => number;
  /** Chooses the requests of faults with a share and no seed of their own. */
  seed?: string;
};

/** The faults of one tenant. */
export type FaultEngine = ReturnType<typeof createFaultEngine>;

/** Creates an engine without faults. */
export function createFaultEngine(options: EngineOptions = {}) {
  const { now = Date.now, clockScale = () => 1, seed = "" } = options;
  let active: ActiveFault[] = [];
  let release: () => void = () => {};
  let cleared = new Promise<void>((resolve) => {
    release = resolve;
  });

  function change(entries: ActiveFault[]): Fault[] {
    active = entries;
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
      if (
        isKind(entry.fault, kind) &&
        matches(entry.fault, situation) &&
        take(entry, situation, seed)
      )
        return entry.fault;
    }
    return undefined;
  }

  /** The fault of a state kind, whatever the request; nothing is counted. */
  function state<K extends StateKind>(kind: K): FaultOf<K> | undefined {
    return list().find((fault): fault is FaultOf<K> => fault.kind === kind);
  }

  /**
   * A 429 for this request: a new one, or the refusal of a retry that came before its time. The answer leaves `latencyMs`
   * from now: only from then on a request can be early.
   */
  function throttled(situation: Situation, latencyMs = 0): Throttled | undefined {
    for (const entry of active) {
      const { fault } = entry;
      if (fault.kind !== "throttle" || !matches(fault, situation)) continue;
      const key = fault.scope === "page" ? keyOf(situation) : "";
      const wait = entry.waits.get(key);
      if (wait?.isOver(now()) === false)
        return { fault, retryAfter: wait.retryAfter(now()), early: wait.isEarly(now()) };
      entry.waits.delete(key);
      if (!take(entry, situation, seed)) continue;
      const started = createWait(fault, { from: now() + latencyMs, clockScale: clockScale() });
      entry.waits.set(key, started);
      return { fault, retryAfter: started.retryAfter(now() + latencyMs), early: false };
    }
    return undefined;
  }

  return {
    /** Replaces all faults; returns them with their defaults. Throws zod's error and changes nothing when one is wrong. */
    set: (faults: readonly FaultInput[]): Fault[] => change(faults.map(activated)),
    /** Adds faults to the present ones, whose counters go on. */
    add: (faults: readonly FaultInput[]): Fault[] => change([...active, ...faults.map(activated)]),
    /** Removes the faults that have these properties. */
    remove: (which: { kind?: string | undefined; stream?: string | undefined }): Fault[] =>
      change(
        active.filter(
          ({ fault }) =>
            (which.kind !== undefined && which.kind !== fault.kind) ||
            (which.stream !== undefined && which.stream !== fault.stream),
        ),
      ),
    list,
    hit,
    state,
    throttled,
    /** Settles when the faults next change; a hanging response waits for it. */
    changed: () => cleared,
    /** Faults with how often each matched and was applied. */
    counts: () => active.map(({ fault, seen, applied }) => ({ kind: fault.kind, seen, applied })),
  };
}

function activated(input: FaultInput): ActiveFault {
  const fault = faultSchema.parse(input);
  return { fault, seen: 0, applied: 0, attempts: new Map(), waits: new Map() };
}

function isKind<K extends Fault["kind"]>(fault: Fault, kind: K): fault is FaultOf<K> {
  return fault.kind === kind;
}

/** Streams that are not Graph: only faults that name them hit them. */
const aside: ReadonlySet<Stream> = new Set<Stream>(["token", "discovery"]);

function matches(fault: Fault, { stream, endpoint, page }: Situation): boolean {
  if (fault.stream === undefined && aside.has(stream)) return false;
  if (fault.stream !== undefined && fault.stream !== stream) return false;
  if (fault.endpoint !== undefined && fault.endpoint !== endpoint) return false;
  return fault.page === undefined || fault.page === page;
}

function take(entry: ActiveFault, situation: Situation, seed: string): boolean {
  entry.seen += 1;
  const { after = 0, every = 1, times = Number.POSITIVE_INFINITY } = entry.fault;
  const position = entry.seen - after;
  if (position < 1 || position % every !== 0 || entry.applied >= times) return false;
  if (!isChosen(entry, situation, seed)) return false;
  entry.applied += 1;
  return true;
}

const SHARE_SALT = 400;

/** Whether this attempt at this page is among the fault's share. */
function isChosen({ fault, attempts }: ActiveFault, situation: Situation, seed: string): boolean {
  if (fault.share === undefined) return true;
  const key = keyOf(situation);
  const attempt = attempts.get(key) ?? 0;
  attempts.set(key, attempt + 1);
  const number = seedNumber(`${fault.seed ?? seed}/${fault.kind}/${key}`);
  return fractionAt(number, attempt, SHARE_SALT) < fault.share;
}

function keyOf({ stream, endpoint, page }: Situation): string {
  return `${stream}/${endpoint}/${page}`;
}
