import type { Failure } from "#lib/domain/failure";
import type { FailureContext } from "#lib/domain/failure-context";
import { failureText } from "#lib/domain/failure-text";
import type { ToldFailure } from "#lib/domain/read-models";

/** A failure with its text; null stays null. */
export const tell = (failure: Failure | null, context: FailureContext = {}): ToldFailure | null =>
  failure === null ? null : { ...failure, ...failureText(failure, context) };

/** An instant as readers get it. */
export const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null;
