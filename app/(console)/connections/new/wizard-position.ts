import { type ConnectFacts, connectStep } from "#lib/domain/connect-step";
import type { Method } from "#lib/domain/connection";
import type { VerificationItem } from "#lib/domain/verification-item";

/** The steps a person sees; consent belongs to the one method, the credential to the other. Source: DESIGN §7. */
export const wizardSteps = [
  "method",
  "tenant",
  "consent",
  "credential",
  "verify",
  "first-import",
] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** The steps of a method, in order. */
export const stepsOf = (method: Method): readonly WizardStep[] =>
  wizardSteps.filter((step) => step !== (method === "registered-app" ? "consent" : "credential"));

/** What the address asks for. */
export interface WizardAddress {
  /** A method was chosen and no draft is stored yet. */
  readonly chosen: boolean;
  /** A step to look at instead of the one that is due. */
  readonly step: WizardStep | null;
}

export interface WizardPosition {
  /** The step that is shown. */
  readonly shown: WizardStep;
  /** The step that the stored facts have come to. */
  readonly due: WizardStep;
}

/**
 * Where a person is: the step of the stored facts, or an earlier one they go back to. Answers can be changed until the
 * administrator's sign-in is with the worker; the verification can be looked at whenever it is over.
 */
export function wizardPosition(
  facts: ConnectFacts | null,
  verification: Pick<VerificationItem, "kind" | "state"> | null,
  address: WizardAddress,
): WizardPosition {
  const due = dueStep(facts, verification, address.chosen);
  const shown = address.step !== null && reachable(due, facts, address.step) ? address.step : due;
  return { shown, due };
}

function dueStep(
  facts: ConnectFacts | null,
  verification: Pick<VerificationItem, "kind" | "state"> | null,
  chosen: boolean,
): WizardStep {
  const step = connectStep(facts);
  switch (step) {
    case "method":
      return chosen ? "tenant" : "method";
    case "tenant":
    case "verify":
      return step;
    case "consent":
      return "consent";
    case "proof":
      // The administrator's sign-in is with the worker, or was refused by it.
      return verification?.kind === "proof" && verification.state !== "succeeded"
        ? "verify"
        : "consent";
    case "credential":
      return "credential";
    case "first-import":
    case "done":
      return "first-import";
    default:
      return step satisfies never;
  }
}

/** Whether a step before the due one may be gone to. */
export function reachable(due: WizardStep, facts: ConnectFacts | null, step: WizardStep): boolean {
  const before = wizardSteps.indexOf(step) < wizardSteps.indexOf(due);
  if (!before) return step === due;
  if (step === "verify") return true;
  if (facts === null) return true;
  if (facts.method !== null && !stepsOf(facts.method).includes(step)) return false;
  if (facts.method === "registered-app") return facts.provenAt === null;
  return facts.status === "draft" || facts.status === "awaiting-consent";
}
