"use client";
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { type Command, useCommand } from "../ui/use-command.ts";

/** Asks for the day a secret ends, which its service does not tell us. */
export function EnterExpiry(props: {
  /** Whose it is. */
  readonly name: string;
  readonly title: string;
  /** Where people find the day. */
  readonly where: string;
  readonly command: Command<{ readonly expiresOn: string }>;
}) {
  const { command } = props;
  const [opened, { open, close }] = useDisclosure(false);
  const [expiresOn, setExpiresOn] = useState("");
  const { run, pending, error } = useCommand(command, {
    done: "The day is kept; we warn in time.",
    onDone: close,
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={open}
        aria-label={`Enter expiry of ${props.name}`}
      >
        Enter expiry
      </Button>
      <Modal opened={opened} onClose={close} title={props.title}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            run({ expiresOn });
          }}
        >
          <Stack gap="md">
            <Text size="sm">{props.where}</Text>
            <TextInput
              type="date"
              label="Expires on"
              required
              maw={240}
              value={expiresOn}
              onChange={(event) => setExpiresOn(event.currentTarget.value)}
              error={error?.fields?.expiresOn ?? error?.message}
              data-autofocus
            />
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={pending}>
                Save
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
