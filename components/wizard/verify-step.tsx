import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { ConnectProgress } from "#lib/domain/hand-off";
import type { VerificationItem } from "#lib/domain/verification-item";
import { type HandOffControls, HandOffPanel } from "../hand-off/hand-off-panel.tsx";
import { CommandButton } from "../ui/command-button.tsx";
import { LinkButton, TextLink } from "../ui/link.tsx";
import { Panel } from "../ui/panel.tsx";
import type { Command } from "../ui/use-command.ts";
import { ConnectVerification } from "./connect-verification.tsx";
import { ConnectWatch } from "./connect-watch.tsx";
import { ContinueToMicrosoft, type StartConsent } from "./continue-to-microsoft.tsx";
import type { StartFirstImport } from "./first-import-start.tsx";
import { MoveTenant, type MoveTenantHere } from "./move-tenant.tsx";

/** Asks the worker to check the connection once more, or the credential that is to replace the one in use. */
export type StartVerification = Command<{
  readonly connectionId: string;
  readonly replacement?: boolean;
}>;

/** Refusals that a role waiting to be activated explains (fault-catalogue C20). */
const roleRefusals: readonly string[] = ["not-administrator", "no-role-claim"];

/** What the worker finds out, live; and the way on that fits how it ended. */
export function VerifyStep(props: {
  readonly connectionId: string;
  /** Where an app of the customer's and its credential are corrected; null for the multi-tenant app. */
  readonly credentialHref: string | null;
  /** Null while nothing was asked of the worker yet. */
  readonly verification: VerificationItem | null;
  /** A tenant that is yet to be proven by consent, which somebody else may give; null for every other one. */
  readonly waiting: {
    readonly progress: ConnectProgress;
    readonly handOff: HandOffControls;
  } | null;
  readonly startConsent: StartConsent;
  readonly startVerification: StartVerification;
  /** Null where there was an import. */
  readonly startImport: StartFirstImport | null;
  readonly moveTenant: MoveTenantHere;
  /** The step that brings permissions that were left out. */
  readonly fix: ReactNode;
}) {
  const { connectionId, verification, waiting } = props;
  const refused = verification?.kind === "proof" && verification.state === "failed";
  const underWay = verification !== null && isOpen(verification);
  return (
    <Stack gap="md">
      {waiting !== null && !underWay && (
        <ConnectWatch connectionId={connectionId} seen={waiting.progress} />
      )}
      <Panel title="Verification">
        <Stack gap="md" align="stretch">
          {verification === null ? (
            <Text size="sm">What may be read was not checked yet.</Text>
          ) : (
            <ConnectVerification
              key={verification.id}
              connectionId={connectionId}
              verification={verification}
              startImport={props.startImport}
            />
          )}
          <WayOn {...props} connectionId={connectionId} />
        </Stack>
      </Panel>
      {waiting !== null && refused && (
        <HandOffPanel
          connectionId={connectionId}
          links={waiting.progress.handOffs}
          controls={waiting.handOff}
        />
      )}
    </Stack>
  );
}

/** The panel watches it to its end, also to the one that a newer proof gives it. */
const isOpen = ({ state }: VerificationItem): boolean =>
  state !== "succeeded" && state !== "failed";

function WayOn(props: {
  readonly connectionId: string;
  readonly credentialHref: string | null;
  readonly verification: VerificationItem | null;
  readonly startConsent: StartConsent;
  readonly startVerification: StartVerification;
  readonly moveTenant: MoveTenantHere;
  readonly fix: ReactNode;
}) {
  const { connectionId, verification } = props;
  if (verification === null) return <VerifyAgain {...props} label="Verify now" />;
  switch (verification.state) {
    case "queued":
    case "running":
    case "waiting":
      return (
        <Text size="sm" c="dimmed">
          The first import starts by itself as soon as this has succeeded. You can leave this page:
          both go on without it.
        </Text>
      );
    case "succeeded":
      return (
        <>
          {verification.permissions.some(({ granted }) => !granted) && props.fix}
          <div>
            <LinkButton href={`/connections/new?connection=${connectionId}`}>
              On to the first import
            </LinkButton>
          </div>
        </>
      );
    case "failed":
      if (verification.kind === "proof") {
        return (
          <>
            {roleRefusals.includes(verification.error?.code ?? "") && (
              <Text size="sm">
                An administrator role that is only eligible counts once it is activated in
                Privileged Identity Management; the sign-in after that shows it.
              </Text>
            )}
            {verification.error?.code === "connected-already" && (
              <Text size="sm">
                This workspace has a connection for that tenant already:{" "}
                <TextLink href={existingHref(verification)} inherit>
                  open that connection
                </TextLink>
                , or start again with an administrator of another tenant.
              </Text>
            )}
            {verification.error?.code === "tenant-claimed-elsewhere" && (
              <MoveTenant
                connectionId={connectionId}
                verification={verification}
                moveTenant={props.moveTenant}
              />
            )}
            <ContinueToMicrosoft
              connectionId={connectionId}
              startConsent={props.startConsent}
              label="Start again at Microsoft"
            />
          </>
        );
      }
      return (
        <Group gap="sm">
          {props.credentialHref !== null && (
            <LinkButton href={props.credentialHref}>Correct the app or its credential</LinkButton>
          )}
          <VerifyAgain {...props} label="Verify again" />
        </Group>
      );
    default:
      return verification.state satisfies never;
  }
}

/** The first connection of a tenant that was proven a second time. */
const existingHref = ({ error }: VerificationItem): string => {
  const id = error?.facts?.connectionId;
  return typeof id === "string" ? `/connections/${id}` : "/connections";
};

function VerifyAgain(props: {
  readonly connectionId: string;
  readonly credentialHref: string | null;
  readonly startVerification: StartVerification;
  readonly label: string;
}) {
  return (
    <div>
      <CommandButton
        command={props.startVerification}
        input={{ connectionId: props.connectionId }}
        {...(props.credentialHref === null ? {} : { variant: "default" })}
      >
        {props.label}
      </CommandButton>
    </div>
  );
}
