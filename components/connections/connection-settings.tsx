"use client";
import { Autocomplete, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { connectionNamePattern, maxEnterpriseLength } from "#lib/domain/connection";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { countOf } from "../ui/format.ts";
import { type Command, useCommand } from "../ui/use-command.ts";

type Update = Command<{
  readonly connectionId: string;
  readonly name: string;
  readonly enterprise: string | null;
}>;
type Disconnect = Command<{ readonly connectionId: string }>;

/** Name and enterprise, and disconnecting with what follows from it. */
export function ConnectionSettings(props: {
  readonly connection: ConnectionItem;
  readonly update: Update;
  readonly disconnect: Disconnect;
  /** Labels in use, to choose from. */
  readonly enterprises: readonly string[];
}) {
  const { connection } = props;
  const byPackages = connection.source === "office-365-deprecated";
  const shared = connection.source === "saas-management";
  return (
    <Stack gap="lg">
      <NamesForm connection={connection} update={props.update} enterprises={props.enterprises} />
      <Stack gap={6} align="flex-start">
        <Text size="sm" c="dimmed">
          {byPackages
            ? "Disconnecting revokes the upload tokens and retires the licenses. Their history is kept."
            : shared
              ? "Disconnecting retires the licenses. Their history is kept, and the organisation's credential stays."
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
              ) : shared ? (
                <li>
                  The organisation and its credential stay: they are removed in Settings,
                  Integrations.
                </li>
              ) : (
                <li>
                  The stored credential and every token are erased at once; the tenant can be
                  connected by others again.
                </li>
              )}
              <li>{licensesLeave(connection)}</li>
              <li>History, imports and the audit record stay.</li>
              <li>
                Connecting the tenant again later makes a new connection
                {shared && "; products mapped by hand are taken over"}.
              </li>
              {!byPackages && !shared && (
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

const licensesLeave = ({ licenses }: ConnectionItem): string =>
  licenses === 0
    ? "Its licenses are retired; none of them is in a total now."
    : `Its ${countOf(licenses, "license is", "licenses are")} retired and ${licenses === 1 ? "leaves" : "leave"} every total.`;

function NamesForm(props: {
  readonly connection: ConnectionItem;
  readonly update: Update;
  readonly enterprises: readonly string[];
}) {
  const { connection } = props;
  const form = useForm({
    initialValues: { name: connection.name, enterprise: connection.enterprise ?? "" },
    validate: {
      name: (value) =>
        connectionNamePattern.test(value.trim())
          ? null
          : "Letters, digits, spaces and underscores; starts with a letter or digit; at most 80",
    },
  });
  const { run, pending, error } = useCommand(props.update, {
    done: "Saved.",
    onDone: () => form.resetDirty(),
  });
  return (
    <form
      aria-label="Name and enterprise"
      onSubmit={form.onSubmit(({ name, enterprise }) =>
        run({
          connectionId: connection.id,
          name: name.trim(),
          enterprise: enterprise.trim() || null,
        }),
      )}
    >
      <Stack gap="sm" align="stretch">
        <TextInput
          label="Name"
          maxLength={80}
          {...form.getInputProps("name")}
          error={form.errors.name ?? error?.fields?.name}
        />
        <Autocomplete
          label="Enterprise (optional)"
          description="Groups the connections of one enterprise in the list."
          maxLength={maxEnterpriseLength}
          data={[...props.enterprises]}
          {...form.getInputProps("enterprise")}
          error={error?.fields?.enterprise ?? (error?.fields?.name ? null : error?.message)}
        />
        <Group>
          <Button type="submit" variant="default" loading={pending} disabled={!form.isDirty()}>
            Save names
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
