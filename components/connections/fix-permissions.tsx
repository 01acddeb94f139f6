import { Anchor, Stack, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ConnectionItem } from "#lib/domain/read-models";
import { ContinueToMicrosoft, type StartConsent } from "../wizard/continue-to-microsoft.tsx";

/** The one step that brings missing permissions: a consent for our app, the portal's page for an app of the customer's. */
export function FixPermissions(props: {
  readonly connection: Pick<ConnectionItem, "id" | "method">;
  /** The page of the app registration's permissions. */
  readonly portalHref: string;
  readonly startConsent: StartConsent;
}) {
  const { connection } = props;
  if (connection.method === "multi-tenant-app") {
    return (
      <ContinueToMicrosoft
        connectionId={connection.id}
        startConsent={props.startConsent}
        label="Ask for what is missing"
      />
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
