"use client";
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { type Command, useCommand } from "../ui/use-command.ts";

export type EnterExpiryCommand = Command<{
  readonly connectionId: string;
  readonly expiresOn: string;
}>;

/** Asks for the day a secret ends: the portal shows it, Microsoft's API does not. */
export function EnterExpiry(props: {
  readonly connectionId: string;
  readonly name: string;
  readonly command: EnterExpiryCommand;
}) {
  const { connectionId, command } = props;
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
      <Modal opened={opened} onClose={close} title="When does the secret expire?">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            run({ connectionId, expiresOn });
          }}
        >
          <Stack gap="md">
            <Text size="sm">
              Microsoft tells it only in the portal: App registrations, your app, Certificates &amp;
              secrets, column “Expires”.
            </Text>
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
