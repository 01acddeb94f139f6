"use client";
import { Button, type ButtonProps, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { type Command, useCommand } from "./use-command.ts";

/** A button for what cannot be taken back: says the consequences first, and asks to type a word when it is grave. */
export function ConfirmButton<Input>(
  props: ButtonProps & {
    readonly command: Command<Input>;
    readonly input: Input;
    readonly title: string;
    readonly consequences: ReactNode;
    readonly confirmLabel: string;
    /** Must be typed before the button works. */
    readonly typed?: string;
    readonly done: string;
    readonly danger?: boolean;
    readonly children: ReactNode;
  },
) {
  const {
    command,
    input,
    title,
    consequences,
    confirmLabel,
    typed,
    done,
    danger,
    children,
    ...button
  } = props;
  const [opened, { open, close }] = useDisclosure(false);
  const [text, setText] = useState("");
  const { run, pending, error } = useCommand(command, { done, onDone: close });
  const ready = typed === undefined || text.trim() === typed;
  return (
    <>
      <Button {...button} onClick={open}>
        {children}
      </Button>
      <Modal opened={opened} onClose={close} title={title}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) run(input);
          }}
        >
          <Stack gap="md">
            <Text size="sm" component="div">
              {consequences}
            </Text>
            {typed !== undefined && (
              <TextInput
                label={`Type \u201C${typed}\u201D to confirm`}
                labelProps={{ className: "wrap-anywhere" }}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                autoComplete="off"
                data-autofocus
              />
            )}
            {error !== null && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {error.message}
              </Text>
            )}
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close}>
                Keep as it is
              </Button>
              <Button
                type="submit"
                loading={pending}
                disabled={!ready}
                {...(danger ? { color: "red.9" } : {})}
              >
                {confirmLabel}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
