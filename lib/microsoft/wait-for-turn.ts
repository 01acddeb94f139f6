import { UpstreamError, untilDeadline } from "#lib/http/failures";
import { type Clock, spreadOf } from "#lib/http/retry";
import { ReadPaused, type SourceWait } from "#lib/import/ports";
import type { PacedRequest, Pacer } from "./pacing.ts";

/** Shorter pauses between requests are nobody's business. Ms. */
const pacingShownFromMs = 5000;

interface WaitingRequest extends PacedRequest {
  readonly signal: AbortSignal;
  readonly onWait?: (wait: SourceWait) => void;
  readonly pauseFromMs?: number;
}

/**
 * Resolves when the request may be made: its budget has a place for it, and no other request of this tenant and service,
 * here or elsewhere, was told to wait longer. Looks again after each wait, since the limit may have moved.
 * `deadline` in ms since the epoch. @throws UpstreamError class `throttled` for a wait beyond it; ReadPaused for a limit
 * the request does not sit out; the signal's reason.
 */
export async function waitForTurn(
  { pacer, clock }: { readonly pacer: Pacer; readonly clock: Clock },
  request: WaitingRequest,
  deadline: number,
): Promise<void> {
  const spread = (ms: number) => clock.now() + ms + spreadOf(ms, clock.random);
  const turn = await pacer.reserve(request);
  const paced = turn.reason === "pacing" ? clock.now() + turn.waitMs : 0;
  let limited = turn.reason === "limited" ? spread(turn.waitMs) : 0;
  for (;;) {
    const more = pacer.limitedFor(request.service);
    if (more > 0 && clock.now() + more > limited) limited = spread(more);
    const waitMs = Math.max(paced, limited) - clock.now();
    if (waitMs <= 0) return;
    announce(request, limited >= paced ? "limited" : "pacing", clock.now() + waitMs, {
      waitMs,
      deadline,
    });
    await clock.sleep(waitMs, request.signal);
  }
}

/** Tells the wait, or refuses to sit it out. */
function announce(
  { onWait, pauseFromMs = Number.POSITIVE_INFINITY }: WaitingRequest,
  kind: "limited" | "pacing",
  at: number,
  { waitMs, deadline }: { readonly waitMs: number; readonly deadline: number },
): void {
  const until = new Date(at);
  const pauses = kind === "limited" && waitMs >= pauseFromMs;
  if (!pauses && at > deadline) throw limitation(waitMs);
  if (kind === "limited" || waitMs >= pacingShownFromMs) onWait?.({ kind, attempt: 0, until });
  if (pauses) throw new ReadPaused(until, limitation(waitMs).failure);
}

const limitation = (afterMs: number): UpstreamError =>
  new UpstreamError({ class: "throttled", code: "throttled" }, untilDeadline(afterMs));
