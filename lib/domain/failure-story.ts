import type { Failure } from "./failure.ts";
import type { FailureContext } from "./failure-context.ts";

/** What happened and what to do. */
export interface Story {
  readonly what: string;
  readonly action: string;
}
/** Tells one code. */
export type Telling = (failure: Failure, context: FailureContext) => Story;

/** A story in two sentences. */
export const story = (what: string, action: string): Story => ({ what, action });
/** The same words whatever is known around it. */
export const fixed =
  (what: string, action: string): Telling =>
  () =>
    story(what, action);

/** The tenant by name where it is known. */
export const tenantOf = (context: FailureContext): string => context.tenant ?? "the tenant";
/** Who failed: Microsoft, unless the failure says that it was SaaS Management. */
export const serviceOf = (failure: Failure): string =>
  failure.facts?.service === "saas-management" ? "SaaS Management" : "Microsoft";
/** A fact of the failure as text; null when it was not given (`?` is what could not be read). */
export const factOf = (failure: Failure, name: string): string | null => {
  const fact = failure.facts?.[name];
  return fact === undefined || fact === "?" ? null : String(fact);
};

/** What to do when only the operator can help. */
export const tellOperator = "Tell whoever runs this installation, with the id in the details.";
