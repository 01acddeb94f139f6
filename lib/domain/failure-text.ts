import { aadstsStory } from "./aadsts-stories.ts";
import type { Failure, FailureClass } from "./failure.ts";
import { type FailureContext, hiddenText } from "./failure-context.ts";
import { accessStories } from "./failure-stories-access.ts";
import { importStories } from "./failure-stories-import.ts";
import type { Story, Telling } from "./failure-story.ts";

/** A failure as a person reads it: what happened, what is not shown because of it, what to do. */
export interface FailureText extends Story {
  readonly hidden: string;
}

const tellings: ReadonlyMap<string, Telling> = new Map<string, Telling>(
  [accessStories, importStories].flatMap((stories) => Object.entries<Telling>(stories)),
);

/** The code that speaks for a class when a failure's own code has no text. */
const generalCodes: Record<FailureClass, string> = {
  credential: "token-refused",
  permission: "permission-missing",
  tenant: "tenant-refused",
  throttled: "throttled",
  upstream: "upstream-error",
  database: "database-unavailable",
  suspect: "held",
  system: "unexpected",
};

/** Codes that have a text of their own. */
export const failureCodes: readonly string[] = [...tellings.keys()];

/**
 * The text of a failure: by the number of Microsoft's login where there is one, else by its code. Nothing in it comes from Microsoft's descriptions; ids and numbers belong in a details box. A
 * code without a text of its own is told by its class. Source: DESIGN §4 Failure classes, fault-catalogue §1, UX "Words".
 */
export const failureText = (failure: Failure, context: FailureContext = {}): FailureText => {
  const telling =
    aadstsStory(failure.errorNumber) ??
    tellings.get(failure.code) ??
    tellings.get(generalCodes[failure.class]) ??
    importStories.unexpected;
  const { what, action } = telling(failure, context);
  return { what: capitalised(what), hidden: hiddenText(failure, context), action };
};

const capitalised = (sentence: string): string =>
  sentence.charAt(0).toUpperCase() + sentence.slice(1);
