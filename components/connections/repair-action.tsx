import type { ConnectionItem } from "#lib/domain/connection-item";
import { repairHref, repairLabels, repairOf } from "#lib/domain/repair";
import { CommandButton } from "../ui/command-button.tsx";
import { LinkButton } from "../ui/link.tsx";
import { ContinueToMicrosoft, type StartConsent } from "../wizard/continue-to-microsoft.tsx";
import type { StartVerification } from "../wizard/verify-step.tsx";

/** The one thing that brings a connection that needs action back to work; nothing for one that needs none. */
export function RepairAction(props: {
  readonly connection: ConnectionItem;
  readonly startConsent: StartConsent;
  readonly startVerification: StartVerification;
  /** Where a link for somebody else's consent is made; null when the page makes none. */
  readonly handOffHref: string | null;
}) {
  const { id, source, method, problem, status, schedule } = props.connection;
  if (status !== "action-needed" || problem === null) return null;
  const wasReady = schedule !== null;
  const repair = repairOf({ source, method, problem, wasReady });
  switch (repair) {
    case "consent":
      return (
        <>
          <ContinueToMicrosoft
            connectionId={id}
            startConsent={props.startConsent}
            label={repairLabels[repair]}
            size="sm"
          />
          {props.handOffHref !== null && (
            <LinkButton href={props.handOffHref} variant="default" size="sm">
              Ask an administrator
            </LinkButton>
          )}
        </>
      );
    case "credential":
    case "tenant":
    case "organisation":
      return (
        <LinkButton href={repairHref(id, repair, wasReady)} size="sm">
          {repairLabels[repair]}
        </LinkButton>
      );
    case "verify":
      return (
        <CommandButton
          command={props.startVerification}
          input={{ connectionId: id }}
          done="Verification asked for."
          size="sm"
        >
          {repairLabels[repair]}
        </CommandButton>
      );
    default:
      return repair satisfies never;
  }
}
