import type { OrganisationStatus } from "./saas-organisation.ts";

/** The steps of connecting a tenant through SaaS Management, in order. Source: DESIGN §7 step 3c. */
export const saasSteps = [
  "method",
  "organisation",
  "verify",
  "application",
  "first-import",
] as const;
export type SaasStep = (typeof saasSteps)[number];

/**
 * The step a person is at, from stored facts alone. An organisation is verified once for all its applications; a
 * connection is ready as soon as it is made, so that only its import is left. No organisation chosen yet = `null`.
 */
export const saasStep = (facts: {
  readonly organisation: OrganisationStatus | null;
  readonly connected: boolean;
}): SaasStep => {
  if (facts.connected) return "first-import";
  switch (facts.organisation) {
    case null:
      return "organisation";
    case "checking":
    case "unverified":
    case "action-needed":
      return "verify";
    case "ready":
      return "application";
    default:
      return facts.organisation satisfies never;
  }
};
