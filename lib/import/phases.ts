import { type Dataset, type Read, type ReadPlan, readsOf } from "#lib/domain/import";

/** The list of SKUs frames the users, so that a movement in between can be told. What they do not depend on is beside. */
const directoryPhases: readonly (readonly Read[])[] = [
  ["organization", "subscribed-skus-first"],
  ["users", "company-subscriptions", "groups"],
  ["subscribed-skus-second", "deleted-users"],
];

/**
 * The reads of a dataset in phases: a phase begins when the one before is over, its reads run side by side.
 * subscribedSkus is read before and after the users; sign-ins and reports go one by one. Source: DESIGN §4.4.
 */
export function phasesOf(dataset: Dataset): readonly (readonly ReadPlan[])[] {
  const plans = readsOf(dataset);
  if (dataset !== "directory") return plans.map((plan) => [plan]);
  return directoryPhases.map((reads) => plans.filter(({ read }) => reads.includes(read)));
}
