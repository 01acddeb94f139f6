import { Anchor, Group, Stack, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { LinkButton } from "../ui/link.tsx";
import { ContinueToMicrosoft, type StartConsent } from "../wizard/continue-to-microsoft.tsx";

/** The one step that brings missing permissions: a consent for our app, the portal's page for an app of the customer's. */
export function AskAgain(props: {
  readonly connection: Pick<ConnectionItem, "id" | "method">;
  /** The page of the app registration's permissions. */
  readonly portalHref: string;
  /** Where a link for somebody else's consent is made. */
  readonly handOffHref: string;
  readonly startConsent: StartConsent;
}) {
  const { connection } = props;
  if (connection.method === "multi-tenant-app") {
    return (
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          Asking again takes an administrator of the same tenant: one approval and one sign-in.
          Another tenant is refused, and nothing is lost when they decline.
        </Text>
        <Group gap="sm">
          <ContinueToMicrosoft
            connectionId={connection.id}
            startConsent={props.startConsent}
            label="Ask for what is missing"
            size="sm"
          />
          <LinkButton href={props.handOffHref} variant="default" size="sm">
            Ask an administrator
          </LinkButton>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap={4}>
      <Anchor href={props.portalHref} target="_blank" rel="noreferrer" size="sm">
        Open the app's permissions in the portal <IconExternalLink size={14} aria-hidden />
      </Anchor>
      <Text size="sm" c="dimmed">
        Add what is missing, grant admin consent, then verify again.
      </Text>
    </Stack>
  );
}
