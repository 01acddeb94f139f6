import { Instant } from "#components/ui/clock";
import type { RailStep } from "#components/wizard/progress-rail";
import type { Method } from "#lib/domain/connection";
import {
  cloudLabels,
  methodLabels,
  progressLabels,
  sourceLabels,
} from "#lib/domain/connection-labels";
import type { ImportState } from "#lib/domain/import";
import type { VerificationItem } from "#lib/domain/verification-item";
import type { ConnectionDetail } from "#lib/services/get-connection";
import { hrefWith } from "../../search-params.ts";
import {
  reachable,
  stepsOf,
  type WizardPosition,
  type WizardStep,
  wizardSteps,
} from "./wizard-position.ts";

const labels: Readonly<Record<WizardStep, string>> = {
  method: "Source and method",
  tenant: "Tenant and cloud",
  consent: "Consent at Microsoft",
  credential: "App and credential",
  verify: "Verify",
  "first-import": "First import",
};

/** The rail: each step with what was answered, from stored facts; `method` is the one that is chosen or stored. */
export function railSteps(
  connection: ConnectionDetail | null,
  verification: VerificationItem | null,
  position: WizardPosition,
  method: Method,
): readonly RailStep[] {
  const steps = stepsOf(method);
  const due = steps.indexOf(position.due);
  return steps.map((step, index) => {
    const open =
      step !== position.shown && reachable(position.due, connection?.connectFacts ?? null, step);
    return {
      name: step,
      label: labels[step],
      state: stateOf(step, position),
      answer: index <= due ? answerOf(step, connection, verification, position, method) : null,
      href: open ? hrefOf(step, connection) : null,
    };
  });
}

function stateOf(step: WizardStep, { shown, due }: WizardPosition): RailStep["state"] {
  if (step === shown) return "current";
  if (step === due) return "due";
  return wizardSteps.indexOf(step) < wizardSteps.indexOf(due) ? "done" : "ahead";
}

const hrefOf = (step: WizardStep, connection: ConnectionDetail | null): string =>
  connection === null
    ? "/connections/new"
    : hrefWith("/connections/new", { connection: connection.id, step });

function answerOf(
  step: WizardStep,
  connection: ConnectionDetail | null,
  verification: VerificationItem | null,
  position: WizardPosition,
  method: Method,
) {
  switch (step) {
    case "method":
      return position.due === "method"
        ? null
        : `${sourceLabels["microsoft-365"]}, ${methodLabels[method].toLowerCase()}`;
    case "tenant":
      return connection === null ? null : <TenantAnswer connection={connection} />;
    case "consent":
      return connection?.consentedAt ? (
        <>
          Given <Instant at={connection.consentedAt} />
        </>
      ) : null;
    case "credential":
      return connection?.clientId ? <bdi>{connection.clientId}</bdi> : null;
    case "verify":
      return verification === null ? null : verificationWords[verification.state];
    case "first-import":
      return connection?.lastImport ? importWord(connection.lastImport.state) : null;
    default:
      return step satisfies never;
  }
}

function TenantAnswer({ connection }: { readonly connection: ConnectionDetail }) {
  const tenant = connection.tenantName ?? connection.tenantHint;
  return (
    <>
      <bdi>{connection.name}</bdi>
      {tenant !== null && tenant !== connection.name && (
        <>
          {", "}
          <bdi>{tenant}</bdi>
        </>
      )}
      {`, ${cloudLabels[connection.cloud]}`}
    </>
  );
}

/** The rail is not renewed while the page watches; what goes on is told without its passing state. */
const goingOn = "In progress";

const importWord = (state: ImportState): string =>
  state === "queued" || state === "running" ? goingOn : progressLabels[state];

const verificationWords: Readonly<Record<VerificationItem["state"], string>> = {
  queued: goingOn,
  running: goingOn,
  waiting: goingOn,
  succeeded: "Succeeded",
  failed: "Refused",
};
