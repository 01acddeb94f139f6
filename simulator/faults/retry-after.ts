import type { FaultOf } from "./types.ts";

/** The time until a refused client may come again. Instants in milliseconds. */
export type Wait = {
  isOver: (now: number) => boolean;
  /** Whether a request that is refused now came although the client had been told to wait. */
  isEarly: (now: number) => boolean;
  /** Text of Retry-After, null for no header. */
  retryAfter: (now: number) => string | null;
};

/** A wait that begins at `from`, when the refusal has left. A faster clock shortens it. */
export function createWait(
  { seconds, retryAfter: form }: Pick<FaultOf<"throttle">, "seconds" | "retryAfter">,
  { from, clockScale }: { from: number; clockScale: number },
): Wait {
  const until = from + (seconds * 1000) / clockScale;
  return {
    isOver: (now) => now >= until,
    isEarly: (now) => now >= from,
    retryAfter: (now) => retryAfterText(form, until, Math.max(now, from), clockScale),
  };
}

/** Retry-After in one of its forms. On a faster clock whole seconds would be too coarse: `integer` then has decimals. */
export function retryAfterText(
  form: string,
  until: number,
  now: number,
  clockScale: number,
): string | null {
  const seconds = Math.max(0, until - now) / 1000;
  // Rounded up, so that an obedient client never comes too early.
  const decimal = (Math.ceil(seconds * 1000) / 1000).toFixed(3);
  switch (form) {
    case "integer":
      return clockScale === 1 ? String(Math.ceil(seconds)) : decimal;
    case "decimal":
      return decimal;
    case "date":
      return new Date(Math.ceil(until / 1000) * 1000).toUTCString();
    case "missing":
      return null;
    default:
      return form;
  }
}
