"use client";
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { connectionNamePattern } from "#lib/domain/connection";
import type { ConnectionItem } from "#lib/domain/read-models";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";

type Rename = Command<{ readonly connectionId: string; readonly name: string }>;
type Disconnect = Command<{ readonly connectionId: string }>;

/** Renaming, and disconnecting with what follows from it. */
export function ConnectionSettings(props: {
  readonly connection: ConnectionItem;
  readonly update: Rename;
  readonly disconnect: Disconnect;
}) {
  const { connection } = props;
  const byPackages = connection.source === "office-365-deprecated";
  return (
    <Stack gap="lg">
      <RenameForm connection={connection} update={props.update} />
      <Stack gap={6} align="flex-start">
        <Text size="sm" c="dimmed">
          {byPackages
            ? "Disconnecting revokes the upload tokens and retires the licenses. Their history is kept."
            : "Disconnecting erases the credential and retires the licenses. Their history is kept."}
        </Text>
        <ConfirmButton
          command={props.disconnect}
          input={{ connectionId: connection.id }}
          title={`Disconnect ${connection.tenantName ?? connection.name}?`}
          consequences={
            <ul style={{ margin: 0, paddingInlineStart: "1.1rem" }}>
              <li>A running import is stopped and publishes nothing.</li>
              {byPackages ? (
                <li>Upload tokens are revoked; packages that wait are not imported.</li>
              ) : (
                <li>
                  The stored credential is erased; the tenant can be connected by others again.
                </li>
              )}
              <li>Its {connection.licenses} licenses are retired and leave every total.</li>
              <li>History, imports and the audit record stay.</li>
              {!byPackages && (
                <li>The consent at Microsoft stays until an administrator removes it there.</li>
              )}
            </ul>
          }
          typed={connection.name}
          confirmLabel="Disconnect"
          done="Disconnected."
          danger
          variant="default"
          size="sm"
        >
          Disconnect this tenant
        </ConfirmButton>
      </Stack>
    </Stack>
  );
}

function RenameForm({
  connection,
  update,
}: {
  readonly connection: ConnectionItem;
  readonly update: Rename;
}) {
  const form = useForm({
    initialValues: { name: connection.name },
    validate: {
      name: (value) =>
        connectionNamePattern.test(value.trim())
          ? null
          : "Letters, digits, spaces and underscores; starts with a letter or digit; at most 80",
    },
  });
  const { run, pending, error } = useCommand(update, {
    done: "Renamed.",
    onDone: () => form.resetDirty(),
  });
  return (
    <form
      onSubmit={form.onSubmit(({ name }) =>
        run({ connectionId: connection.id, name: name.trim() }),
      )}
    >
      <Group align="flex-start" gap="sm">
        <TextInput
          label="Name"
          flex={1}
          miw={200}
          maxLength={80}
          {...form.getInputProps("name")}
          error={form.errors.name ?? error?.fields?.name ?? error?.message}
        />
        <Button
          type="submit"
          variant="default"
          loading={pending}
          disabled={!form.isDirty()}
          mt={25}
        >
          Rename
        </Button>
      </Group>
    </form>
  );
}
