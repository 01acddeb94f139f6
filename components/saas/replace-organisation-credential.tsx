"use client";
import { Button, Group, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { CommandFailure } from "../ui/command-failure.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";
import {
  CredentialFields,
  credentialAnswer,
  noCredential,
  type OrganisationCredentialAnswer,
} from "./credential-fields.tsx";

export type ReplaceOrganisationCredential = Command<{
  readonly organisationId: string;
  readonly credential: OrganisationCredentialAnswer;
}>;

/** A new credential that takes the place of the one in use only once it has worked. */
export function ReplaceOrganisationCredentialForm(props: {
  readonly organisationId: string;
  readonly name: string;
  readonly replace: ReplaceOrganisationCredential;
}) {
  const { organisationId, name } = props;
  const [open, setOpen] = useState(false);
  const [credential, setCredential] = useState(noCredential);
  const { run, pending, error } = useCommand(props.replace, {
    done: "The new credential is being verified.",
    onDone: () => {
      setCredential(noCredential);
      setOpen(false);
    },
  });
  if (!open) {
    return (
      <Button
        variant="default"
        size="sm"
        onClick={() => setOpen(true)}
        aria-label={`Replace the credential of ${name}`}
      >
        Replace the credential
      </Button>
    );
  }
  const fields = error?.fields ?? {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run({ organisationId, credential: credentialAnswer(credential) });
  };
  return (
    <form
      noValidate
      aria-label={`New credential of ${name}`}
      onSubmit={submit}
      style={{ width: "100%" }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          It is verified first. The one in use goes on until then and is erased afterwards.
        </Text>
        <CredentialFields value={credential} onChange={setCredential} fields={fields} />
        <CommandFailure error={error} fieldsTell />
        <Group gap="sm">
          <Button type="submit" size="sm" loading={pending}>
            Save and verify
          </Button>
          <Button size="sm" variant="default" onClick={() => setOpen(false)}>
            Keep the one in use
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
