import { classifyOAuthError, knownAadstsNumbers } from "./aadsts.ts";
import type { FailureContext } from "./failure-context.ts";
import { type FailureText, failureText } from "./failure-text.ts";

/** The text of a number Microsoft sent somebody back with from its own pages; null for one without a text. */
export const aadstsText = (errorNumber: number, context: FailureContext): FailureText | null =>
  knownAadstsNumbers.includes(errorNumber)
    ? failureText({ ...classifyOAuthError(null, [errorNumber]), errorNumber }, context)
    : null;
