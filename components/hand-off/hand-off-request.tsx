import { List, ListItem, Text, Title } from "@mantine/core";
import { Brand } from "../brand.tsx";
import { Moment } from "../ui/clock.tsx";
import { CopyValue } from "../ui/copy-value.tsx";
import { Panel } from "../ui/panel.tsx";
import type { Command } from "../ui/use-command.ts";
import { LeaveForMicrosoft } from "../wizard/continue-to-microsoft.tsx";
import { PermissionsRequest } from "../wizard/permissions-request.tsx";
import classes from "./hand-off.module.css";

/** The request of a hand-off link: who asks, from where, for what and why; then one button to Microsoft. */
export function HandOffRequest(props: {
  readonly token: string;
  readonly workspaceName: string;
  readonly memberName: string;
  readonly memberTenantId: string;
  readonly expiresAt: string;
  /** What the tenant grants already; null for a first approval. */
  readonly approved: readonly string[] | null;
  readonly begin: Command<{ readonly token: string }, { readonly redirectUrl: string }>;
}) {
  return (
    <main className={classes.page}>
      <Brand />
      <div>
        <Title order={1}>
          <bdi>{props.workspaceName}</bdi> asks to read your tenant's licenses
        </Title>
        <Text mt="xs">
          You were sent this link as an administrator of a Microsoft 365 tenant. You need no account
          here. Nothing has been sent to Microsoft yet.
        </Text>
      </div>
      <Panel title="Who asks">
        <dl className={classes.facts}>
          <dt>Workspace</dt>
          <dd>
            <bdi>{props.workspaceName}</bdi>
          </dd>
          <dt>Asked by</dt>
          <dd>
            <bdi>{props.memberName}</bdi>
          </dd>
          <dt>Signs in from the tenant</dt>
          <dd>
            <CopyValue value={props.memberTenantId} label="the tenant ID" />
            <Text size="sm" c="dimmed">
              Microsoft confirmed this at their sign-in. Your own tenant's ID is on the overview of
              the Entra admin center. If the two differ and you do not expect a request from another
              organisation, do not approve it.
            </Text>
          </dd>
          <dt>The link can be used until</dt>
          <dd>
            <Moment at={props.expiresAt} />, once
          </dd>
        </dl>
      </Panel>
      <Panel title="What is requested and why">
        <Text size="sm" c="dimmed" mb="xs">
          Application permissions of Microsoft Graph; all of them only read. No mail, file or chat
          is opened. Microsoft lists the same names.
          {props.approved !== null &&
            " The tenant is connected already: this is about what is marked “Not granted yet”."}
        </Text>
        <PermissionsRequest approved={props.approved} />
      </Panel>
      <Panel title="What happens at Microsoft">
        <List type="ordered" size="sm" spacing={4} mb="md">
          <ListItem>
            You sign in as a Global Administrator or Privileged Role Administrator and approve the
            permissions above.
          </ListItem>
          <ListItem>
            Microsoft asks to choose the account a second time: that shows that the approval came
            from an administrator of that very tenant.
          </ListItem>
          <ListItem>
            You are back here and done. You can withdraw the approval at any time in the Entra admin
            center under Enterprise applications.
          </ListItem>
        </List>
        <LeaveForMicrosoft
          begin={props.begin}
          input={{ token: props.token }}
          label="Continue to Microsoft"
        />
      </Panel>
    </main>
  );
}
