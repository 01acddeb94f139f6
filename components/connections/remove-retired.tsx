import { Stack, Text } from "@mantine/core";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import type { Command } from "../ui/use-command.ts";

/** Clears away what a disconnected connection left in lists, for good. */
export function RemoveRetired(props: {
  readonly connection: Pick<ConnectionItem, "id" | "name">;
  readonly remove: Command<{ readonly connectionId: string }>;
}) {
  const { id, name } = props.connection;
  return (
    <Stack gap={6} align="flex-start">
      <Text size="sm" c="dimmed">
        Its licenses stay in lists in grey, with their history, until they are removed.
      </Text>
      <ConfirmButton
        command={props.remove}
        input={{ connectionId: id }}
        title="Remove the retired licenses?"
        consequences={
          <ul style={{ margin: 0, paddingInlineStart: "1.1rem" }}>
            <li>They leave every list for good; this cannot be undone.</li>
            <li>Their days leave the trend of the overview.</li>
            <li>Purchases, prices, imports and the audit record stay.</li>
          </ul>
        }
        typed={name}
        confirmLabel="Remove them"
        done="Removed."
        danger
        variant="default"
        size="sm"
      >
        Remove its retired licenses
      </ConfirmButton>
    </Stack>
  );
}
