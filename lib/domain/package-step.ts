import type { ConnectFacts } from "./connect-step.ts";

/** The steps of connecting a tenant by packages, in order. Source: DESIGN §7 step 3c. */
export const packageSteps = ["method", "tenant", "package", "first-import"] as const;
export type PackageStep = (typeof packageSteps)[number];

/**
 * The step a person is at, from stored facts alone: the first sound package is the verification, and its import follows
 * by itself. No connection yet = `null` facts.
 */
export const packageStep = (facts: Pick<ConnectFacts, "firstImport"> | null): PackageStep => {
  if (facts === null) return "tenant";
  return facts.firstImport === "none" ? "package" : "first-import";
};
