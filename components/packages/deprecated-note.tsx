import { Group } from "@mantine/core";
import { TextLink } from "../ui/link.tsx";
import { DeprecatedBadge } from "./deprecated-badge.tsx";

/** Stands on pages that show what packages brought: that their connector is deprecated, and the way off it. */
export function DeprecatedNote(props: {
  readonly connectionId: string;
  /** Whether there is something left to move. */
  readonly movable: boolean;
}) {
  return (
    <Group gap="xs">
      <DeprecatedBadge />
      {props.movable && (
        <TextLink href={`/connections/${props.connectionId}/move`} size="sm" underline="always">
          Move to the Microsoft 365 connector
        </TextLink>
      )}
    </Group>
  );
}
