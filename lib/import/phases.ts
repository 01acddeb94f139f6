import { type Dataset, type ReadPlan, readsOf } from "#lib/domain/import";

/** The last reads of the directory frame the users: made after them, so that a movement in between can be told. */
const afterUsers: ReadonlySet<string> = new Set(["subscribed-skus-second", "deleted-users"]);

/** Read beside the users, on which they do not depend. */
const besideUsers: ReadonlySet<string> = new Set(["users", "company-subscriptions", "groups"]);

/**
 * The reads of a dataset in phases: a phase begins when the one before is over, its reads run side by side.
 * subscribedSkus is read before and after the users; sign-ins and reports go one by one. Source: DESIGN §4.4.
 */
export function phasesOf(dataset: Dataset): readonly (readonly ReadPlan[])[] {
  const plans = readsOf(dataset);
  if (dataset !== "directory") return plans.map((plan) => [plan]);
  const inPhase = (reads: ReadonlySet<string>): readonly ReadPlan[] =>
    plans.filter((plan) => reads.has(plan.read));
  const first = plans.filter((plan) => !afterUsers.has(plan.read) && !besideUsers.has(plan.read));
  return [...first.map((plan) => [plan]), inPhase(besideUsers), inPhase(afterUsers)];
}
