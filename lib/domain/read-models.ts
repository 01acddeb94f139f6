/**
 * What read models share. A read model is what use cases return, the API serialises and pages render: quantities are seats
 * and null when unknown, with the reason in `unavailable`; instants are ISO 8601 UTC strings. Source: DESIGN §6.
 */

import type { Failure } from "./failure.ts";

/** A page of a list; `nextCursor` null at its end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** When each dataset behind a figure was read; null when it never was. */
export interface AsOf {
  readonly directory: string | null;
  readonly signIns: string | null;
  /** Report Refresh Date of the active-users report as a UTC day's start. */
  readonly usage: string | null;
}

/** A failure as people read it: what happened, what is not shown because of it, what to do. */
export interface ToldFailure extends Failure {
  readonly what: string;
  readonly hidden: string;
  readonly action: string;
}
