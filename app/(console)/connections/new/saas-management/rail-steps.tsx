import type { RailStep } from "#components/wizard/progress-rail";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { sourceLabels } from "#lib/domain/connection-labels";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { saasRegionLabels } from "#lib/domain/saas-organisation";
import { type SaasStep, saasSteps } from "#lib/domain/saas-step";

const labels: Readonly<Record<SaasStep, string>> = {
  method: "Source and method",
  organisation: "Organisation",
  verify: "Verify",
  application: "Application and tenant",
  "first-import": "First import",
};

/** The steps with what was answered. */
export const saasRailSteps = (
  due: SaasStep,
  organisation: OrganisationItem | null,
  connection: ConnectionItem | null,
): readonly RailStep[] =>
  saasSteps.map((step, index) => ({
    name: step,
    label: labels[step],
    state: step === due ? "current" : index < saasSteps.indexOf(due) ? "done" : "ahead",
    answer: answerOf(step, organisation, connection),
    href: hrefOf(step, organisation, connection),
  }));

function answerOf(
  step: SaasStep,
  organisation: OrganisationItem | null,
  connection: ConnectionItem | null,
) {
  switch (step) {
    case "method":
      return sourceLabels["saas-management"];
    case "organisation":
      return organisation === null ? null : (
        <>
          <bdi>{organisation.name}</bdi>
          {`, ${saasRegionLabels[organisation.region]}, no. ${organisation.orgId}`}
        </>
      );
    case "application":
      return connection === null ? null : (
        <>
          <bdi>{connection.name}</bdi>
          {`, ${connection.tenantId}`}
        </>
      );
    case "verify":
    case "first-import":
      return null;
    default:
      return step satisfies never;
  }
}

/** Another organisation, or another application of the same one, can be chosen at any time. */
function hrefOf(
  step: SaasStep,
  organisation: OrganisationItem | null,
  connection: ConnectionItem | null,
): string | null {
  if (step === "method") return organisation === null ? "/connections/new" : null;
  if (step === "organisation" && organisation !== null) return "/connections/new/saas-management";
  if (step === "application" && organisation !== null && connection !== null) {
    return `/connections/new/saas-management?organisation=${organisation.id}`;
  }
  return null;
}
