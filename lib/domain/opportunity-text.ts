import type { ActivityBasis } from "./activity.ts";
import type { UtcDay } from "./license.ts";
import type { Caution, OpportunityKind } from "./opportunity.ts";
import { dayInWords, daysBetween } from "./utc-day.ts";

/** What the sentence of an opportunity is made of. `basis` null when no source was usable. `units` in seats. */
export interface OpportunityStory {
  readonly kind: OpportunityKind;
  readonly since: UtcDay | null;
  readonly caution: Caution | null;
  readonly basis: ActivityBasis | null;
  readonly units: number;
  readonly evaluatedOn: UtcDay;
}

const days = (count: number): string => (count === 1 ? "1 day" : `${count} days`);

const dated = (since: UtcDay, evaluatedOn: UtcDay): string =>
  `${dayInWords(since)} (${days(Math.max(0, daysBetween(since, evaluatedOn)))})`;

/** Names only what was really looked at. */
const nothingRecorded = (basis: ActivityBasis | null): string => {
  if (basis?.signIns && basis.usage) return "No successful sign-in and no use recorded";
  return basis?.signIns ? "No successful sign-in recorded" : "No use recorded";
};

const cautionText = (caution: Caution): string => {
  switch (caution) {
    case "mailbox-size-unknown":
      return "Check the mailbox first: its size is not known.";
    case "mailbox-archive":
      return "Check the mailbox first: it has, or may have, an archive.";
    default:
      return caution satisfies never;
  }
};

const lastUse = (story: OpportunityStory): string => {
  if (story.since !== null) return `last use recorded on ${dated(story.since, story.evaluatedOn)}`;
  return story.basis === null ? "when it was last used is not known" : "no use recorded";
};

/**
 * One sentence with dates that says why a seat could be reclaimed; a second one when something has to be checked first.
 * Days are counted to the evaluation day. Source: DESIGN §5 Opportunities, UX "Words".
 */
export const opportunityText = (story: OpportunityStory): string => {
  const { since, evaluatedOn } = story;
  switch (story.kind) {
    case "blocked-account": {
      const sentence = `The account is blocked from signing in; ${lastUse(story)}.`;
      return story.caution === null ? sentence : `${sentence} ${cautionText(story.caution)}`;
    }
    case "never-used": {
      const nothing = nothingRecorded(story.basis);
      return since === null
        ? `${nothing} for this account.`
        : `${nothing} since the account was created on ${dated(since, evaluatedOn)}.`;
    }
    case "inactive": {
      const nothing = nothingRecorded(story.basis);
      return since === null ? `${nothing}.` : `${nothing} since ${dated(since, evaluatedOn)}.`;
    }
    case "unassigned":
      return story.units === 1
        ? "1 paid unit is assigned to nobody."
        : `${story.units} paid units are assigned to nobody.`;
    default:
      return story.kind satisfies never;
  }
};
