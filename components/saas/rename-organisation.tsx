"use client";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { CommandFailure } from "../ui/command-failure.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";

export type RenameOrganisation = Command<{
  readonly organisationId: string;
  readonly name: string;
}>;

/** Where the keyboard goes on when the form takes the place of its button, or the button the form's. */
const focus = (element: HTMLElement | null): void => element?.focus();

type State =
  | { readonly kind: "untouched" | "closed" }
  | { readonly kind: "open"; readonly entered: string };

/** A new name for an organisation; a refused one stays in the field. */
export function RenameOrganisationForm(props: {
  readonly organisationId: string;
  readonly name: string;
  readonly rename: RenameOrganisation;
}) {
  const { organisationId, name } = props;
  const [state, setState] = useState<State>({ kind: "untouched" });
  const { run, pending, error, reset } = useCommand(props.rename, {
    done: "Renamed.",
    onDone: () => setState({ kind: "closed" }),
  });
  if (state.kind !== "open") {
    return (
      <Button
        ref={state.kind === "closed" ? focus : undefined}
        variant="default"
        size="sm"
        onClick={() => setState({ kind: "open", entered: name })}
        aria-label={`Rename ${name}`}
      >
        Rename
      </Button>
    );
  }
  const keep = () => {
    reset();
    setState({ kind: "closed" });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run({ organisationId, name: state.entered });
  };
  return (
    <form noValidate aria-label={`Name of ${name}`} onSubmit={submit} style={{ width: "100%" }}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="What this organisation is called here; SaaS Management keeps its own name."
          required
          maxLength={80}
          autoComplete="off"
          ref={focus}
          value={state.entered}
          onChange={(event) => setState({ kind: "open", entered: event.currentTarget.value })}
          error={error?.fields?.name}
        />
        <CommandFailure error={error} fieldsTell />
        <Group gap="sm">
          <Button type="submit" size="sm" loading={pending}>
            Save name
          </Button>
          <Button size="sm" variant="default" onClick={keep}>
            Keep the name
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
