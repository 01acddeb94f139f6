"use client";
import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconKeyboard, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useTransition } from "react";
import type { Role } from "#lib/domain/role";
import { roleWords } from "../words.ts";
import { openKeyboardHelp } from "./keyboard-help.ts";

/** Who is signed in, with which role, and the way out. */
export function PersonMenu(props: {
  readonly person: { readonly name: string; readonly role: Role };
  readonly signOut: () => Promise<void>;
}) {
  const [pending, startTransition] = useTransition();
  return (
    <Menu position="bottom-end" width={260} withArrow withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Account of ${props.person.name}`}
        >
          <IconUserCircle size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text component="div" size="sm" fw={600} c="var(--mantine-color-text)">
            <bdi>{props.person.name}</bdi>
          </Text>
          <Text component="div" size="xs" c="dimmed">
            {roleWords[props.person.role]}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openKeyboardHelp}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          disabled={pending}
          onClick={() => startTransition(props.signOut)}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
