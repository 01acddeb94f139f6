"use client";
import { Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { UploadTokenItem } from "#lib/domain/package-item";
import { StatusBadge } from "../status-badge.tsx";
import { Callout } from "../ui/callout.tsx";
import { Instant } from "../ui/clock.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { CopyValue } from "../ui/copy-value.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";

export type CreateUploadToken = Command<
  { readonly connectionId: string; readonly name: string; readonly days: number },
  { readonly id: string; readonly token: string; readonly expiresAt: string }
>;
export type RevokeUploadToken = Command<{ readonly tokenId: string }>;

/** Tokens for collectors: each may upload to this connection and do nothing else. */
export function UploadTokens(props: {
  readonly connectionId: string;
  readonly tokens: readonly UploadTokenItem[];
  readonly create: CreateUploadToken;
  readonly revoke: RevokeUploadToken;
}) {
  return (
    <Stack gap="lg">
      <CreateForm connectionId={props.connectionId} create={props.create} />
      <DataTable
        label="Upload tokens"
        rows={props.tokens}
        rowId={(row) => row.id}
        columns={columnsOf(props.revoke)}
        minWidth={560}
        stacks
        empty={
          <Text size="sm" c="dimmed">
            No token yet. One is needed only where a collector uploads by itself.
          </Text>
        }
      />
    </Stack>
  );
}

function CreateForm(props: { readonly connectionId: string; readonly create: CreateUploadToken }) {
  const [made, setMade] = useState<string | null>(null);
  const form = useForm({
    initialValues: { name: "", days: 90 },
    validate: {
      name: (name) => (name.trim() === "" ? "Enter a name, such as the computer's." : null),
    },
  });
  const { run, pending, error } = useCommand(props.create, {
    onDone: (created) => {
      setMade(created?.token ?? null);
      form.reset();
    },
  });
  return (
    <Stack gap="md">
      <form
        noValidate
        aria-label="New upload token"
        onSubmit={form.onSubmit(({ name, days }) =>
          run({ connectionId: props.connectionId, name: name.trim(), days: Number(days) }),
        )}
      >
        <Group align="flex-start" gap="sm">
          <TextInput
            label="Name of the token"
            maxLength={80}
            flex="1 1 12rem"
            autoComplete="off"
            {...form.getInputProps("name")}
            error={form.errors.name ?? error?.fields?.name}
          />
          <NumberInput
            label="Days until it expires"
            min={1}
            max={366}
            allowDecimal={false}
            w={180}
            {...form.getInputProps("days")}
            error={error?.fields?.days}
          />
          <Button type="submit" variant="default" loading={pending} mt={25}>
            Create token
          </Button>
        </Group>
      </form>
      {made !== null && (
        <Callout tone="info" live title="The token is shown this once">
          <CopyValue value={made} label="the upload token" />
          Store it with the collector's -SaveUploadToken. It may upload to this connection and do
          nothing else.
        </Callout>
      )}
    </Stack>
  );
}

const columnsOf = (revoke: RevokeUploadToken): readonly Column<UploadTokenItem>[] => [
  { accessor: "name", title: "Token", render: (row) => <bdi>{row.name}</bdi> },
  {
    accessor: "state",
    title: "State",
    render: (row) => (
      <StatusBadge label={stateLabels[row.state]} tone={row.state === "live" ? "ok" : "quiet"} />
    ),
  },
  { accessor: "expiresAt", title: "Expires", render: (row) => <Instant at={row.expiresAt} /> },
  {
    accessor: "lastUsedAt",
    title: "Last used",
    render: (row) =>
      row.lastUsedAt === null ? (
        <Text size="sm" c="dimmed">
          Never
        </Text>
      ) : (
        <Instant at={row.lastUsedAt} />
      ),
  },
  {
    accessor: "revoke",
    title: "",
    render: (row) =>
      row.state === "live" ? (
        <ConfirmButton
          command={revoke}
          input={{ tokenId: row.id }}
          title={`Revoke ${row.name}?`}
          consequences="Collectors that use it are refused at once. Packages that were uploaded stay."
          confirmLabel="Revoke"
          done="Revoked."
          danger
          variant="default"
          size="compact-sm"
        >
          Revoke
        </ConfirmButton>
      ) : null,
  },
];

const stateLabels: Readonly<Record<UploadTokenItem["state"], string>> = {
  live: "Live",
  expired: "Expired",
  revoked: "Revoked",
};
