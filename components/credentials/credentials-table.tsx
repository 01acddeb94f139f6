"use client";
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { cloudLabels } from "#lib/domain/connection-labels";
import { daysLeft, type ExpiryStage } from "#lib/domain/credential-expiry";
import type { CredentialItem } from "#lib/domain/credential-item";
import { ConnectionBadge, StatusBadge } from "../status-badge.tsx";
import { Instant, useNow } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { countOf, formatDay } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import type { Command } from "../ui/use-command.ts";
import { credentialLabels, type Tone } from "../words.ts";
import { EnterExpiry } from "./enter-expiry.tsx";

/** Enter when a credential ends; null for who may not manage credentials. */
export type ExpiryCommands = {
  readonly ofConnection: Command<{ readonly connectionId: string; readonly expiresOn: string }>;
  readonly ofOrganisation: Command<{ readonly organisationId: string; readonly expiresOn: string }>;
} | null;

/** Every credential, the nearest to its end first: what it is, when it ends, and the way to replace it. */
export function CredentialsTable(props: {
  readonly rows: readonly CredentialItem[];
  readonly commands: ExpiryCommands;
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Credentials"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columnsFor(props.commands)}
      empty={props.empty}
      minWidth={860}
      stacks
    />
  );
}

const columnsFor = (commands: ExpiryCommands): readonly Column<CredentialItem>[] => [
  { accessor: "holder", title: "Whose", render: (row) => <Holder item={row} /> },
  {
    accessor: "credential",
    title: "Kind",
    render: ({ credential, state }) => (
      <Text size="sm">
        {credentialLabels[credential]}
        {state === "candidate" && ", not verified yet"}
      </Text>
    ),
  },
  {
    accessor: "expiresAt",
    title: "Expires",
    render: (row) => <Expiry item={row} />,
  },
  {
    accessor: "stage",
    title: "State",
    render: (row) => <StatusBadge {...wordOf(row)} />,
  },
  {
    accessor: "verifiedAt",
    title: "Last verified",
    render: (row) => (
      <Text size="sm" c="dimmed">
        <LastVerified item={row} />
      </Text>
    ),
  },
  {
    accessor: "id",
    title: "What to do",
    render: (row) => <Action item={row} commands={commands} />,
  },
];

function Holder({ item: { id, holder } }: { readonly item: CredentialItem }) {
  if (holder.kind === "installation") {
    return (
      <Stack gap={0}>
        <Text size="sm" fw={550}>
          The installation's app
        </Text>
        <Text size="xs" c="dimmed">
          {cloudLabels[holder.cloud]} · {countOf(holder.connections, "connection")} through it
        </Text>
      </Stack>
    );
  }
  if (holder.kind === "organisation") {
    return (
      <Stack gap={0}>
        <TextLink href={`/settings/integrations#${id}`} size="sm" fw={550} c="inherit">
          <bdi>{holder.name}</bdi>
        </TextLink>
        <Text size="xs" c="dimmed">
          SaaS Management · {countOf(holder.connections, "connection")} through it
        </Text>
      </Stack>
    );
  }
  if (holder.kind === "collector") {
    return (
      <Stack gap={0}>
        <TextLink
          href={`/connections/${holder.connectionId}#collector`}
          size="sm"
          fw={550}
          c="inherit"
        >
          <bdi>{holder.tenant}</bdi>
        </TextLink>
        <Text size="xs" c="dimmed">
          Collector, token <bdi>{holder.name}</bdi>
        </Text>
      </Stack>
    );
  }
  return (
    <Stack gap={2}>
      <TextLink href={`/connections/${id}#credential`} size="sm" fw={550} c="inherit">
        <bdi>{holder.name}</bdi>
      </TextLink>
      <div>
        <ConnectionBadge status={holder.status} />
      </div>
    </Stack>
  );
}

/** A token proves itself by being used. */
function LastVerified({ item: { holder, verifiedAt } }: { readonly item: CredentialItem }) {
  if (holder.kind === "installation") return "With each connection";
  if (holder.kind === "collector") {
    if (holder.lastUsedAt === null) return "Never used";
    return (
      <>
        Used <Instant at={holder.lastUsedAt} />
      </>
    );
  }
  return verifiedAt === null ? "Never" : <Instant at={verifiedAt} />;
}

function Expiry({ item }: { readonly item: CredentialItem }) {
  const now = useNow();
  if (item.expiresAt === null) {
    return (
      <Text size="sm" c="dimmed">
        Not known
      </Text>
    );
  }
  const left = daysLeft(new Date(item.expiresAt), new Date(now));
  return (
    <Stack gap={0}>
      <Text size="sm">{formatDay(item.expiresAt.slice(0, 10))}</Text>
      <Text size="xs" c="dimmed">
        {item.stage !== "expired"
          ? `${countOf(Math.max(0, left), "day")} left`
          : left > 0
            ? "entered; Microsoft says it is over"
            : "is over"}
      </Text>
    </Stack>
  );
}

const stageWords: Readonly<Record<ExpiryStage, { readonly label: string; readonly tone: Tone }>> = {
  "60-days": { label: "Ends within 60 days", tone: "info" },
  "30-days": { label: "Ends within 30 days", tone: "warn" },
  "7-days": { label: "Ends within 7 days", tone: "risk" },
  "1-day": { label: "Ends within a day", tone: "risk" },
  expired: { label: "Expired", tone: "risk" },
};

const wordOf = ({ stage, expiresAt }: CredentialItem) =>
  stage !== null
    ? stageWords[stage]
    : expiresAt === null
      ? ({ label: "Unknown", tone: "warn" } as const)
      : ({ label: "Good", tone: "ok" } as const);

function Action(props: { readonly item: CredentialItem; readonly commands: ExpiryCommands }) {
  const { item, commands } = props;
  const { holder } = item;
  if (holder.kind === "installation") {
    return (
      <Text size="sm" c="dimmed" style={{ whiteSpace: "normal" }} maw={230}>
        {item.expiresAt === null
          ? "Whoever runs this installation can say when it ends."
          : "Whoever runs this installation renews it."}
      </Text>
    );
  }
  if (holder.kind === "collector") {
    return (
      <TextLink href={`/connections/${holder.connectionId}#collector`} size="sm">
        Make another one
      </TextLink>
    );
  }
  const unknown =
    item.expiresAt === null && item.stage === null && item.credential !== "certificate";
  if (commands !== null && unknown && item.state === "active") {
    const { ofConnection, ofOrganisation } = commands;
    return holder.kind === "connection" ? (
      <EnterExpiry
        name={holder.name}
        title="When does the secret expire?"
        where="Microsoft tells it only in the portal: App registrations, your app, Certificates & secrets, column “Expires”."
        command={({ expiresOn }) => ofConnection({ connectionId: item.id, expiresOn })}
      />
    ) : (
      <EnterExpiry
        name={holder.name}
        title="When does the credential expire?"
        where="SaaS Management shows it where the refresh token or service account was made, if it ends at all."
        command={({ expiresOn }) => ofOrganisation({ organisationId: item.id, expiresOn })}
      />
    );
  }
  const place =
    holder.kind === "connection"
      ? `/connections/${item.id}#credential`
      : `/settings/integrations#${item.id}`;
  return (
    <TextLink href={place} size="sm">
      Replace it
    </TextLink>
  );
}
