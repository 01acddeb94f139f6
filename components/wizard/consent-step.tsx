import { List, ListItem, Stack, Text } from "@mantine/core";
import type { ConnectProgress } from "#lib/domain/hand-off";
import { type HandOffControls, HandOffPanel } from "../hand-off/hand-off-panel.tsx";
import { Panel } from "../ui/panel.tsx";
import { ConnectWatch } from "./connect-watch.tsx";
import { ContinueToMicrosoft, type StartConsent } from "./continue-to-microsoft.tsx";
import { PermissionsRequest } from "./permissions-request.tsx";
import { StuckHelp } from "./stuck-help.tsx";

/** What is requested and why, then off to Microsoft, or a link for somebody else; help for those Microsoft's pages stop. */
export function ConsentStep(props: {
  readonly connectionId: string;
  readonly startConsent: StartConsent;
  /** Consent was given before, the sign-in after it is missing. */
  readonly consented: boolean;
  readonly progress: ConnectProgress;
  readonly handOff: HandOffControls;
  readonly redirectUris: readonly string[];
  readonly clientId: string | null;
  readonly tenantHint: string | null;
}) {
  const { connectionId, progress } = props;
  return (
    <Stack gap="md">
      <ConnectWatch connectionId={connectionId} seen={progress} />
      <Panel title="What happens at Microsoft">
        <List type="ordered" size="sm" spacing={4}>
          <ListItem>
            A Global Administrator or Privileged Role Administrator of the tenant signs in and
            approves the permissions below.
          </ListItem>
          <ListItem>
            Microsoft then asks to choose the account a second time: that sign-in proves that the
            tenant is yours, which an approval alone does not.
          </ListItem>
          <ListItem>You are back here, and we verify what was granted.</ListItem>
        </List>
        <Text size="sm" mt="md" mb="sm">
          {props.consented
            ? "The approval arrived, the second sign-in is missing. Start again; approving twice does no harm."
            : "Stay in this browser and finish within ten minutes; afterwards simply start again."}
        </Text>
        <ContinueToMicrosoft
          connectionId={connectionId}
          startConsent={props.startConsent}
          label="Continue to Microsoft"
        />
      </Panel>
      <HandOffPanel
        connectionId={connectionId}
        links={progress.handOffs}
        controls={props.handOff}
      />
      <Panel title="What is requested and why">
        <Text size="sm" c="dimmed" mb="xs">
          Application permissions of Microsoft Graph; all of them only read. Microsoft lists the
          same names.
        </Text>
        <PermissionsRequest />
      </Panel>
      <StuckHelp
        connectionId={connectionId}
        startConsent={props.startConsent}
        redirectUris={props.redirectUris}
        clientId={props.clientId}
        tenantHint={props.tenantHint}
      />
    </Stack>
  );
}
