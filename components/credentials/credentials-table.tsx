"use client";
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { cloudLabels } from "#lib/domain/connection-labels";
import { daysLeft, type ExpiryStage } from "#lib/domain/credential-expiry";
import type { CredentialItem } from "#lib/domain/read-models";
import { ConnectionBadge, StatusBadge } from "../status-badge.tsx";
import { Instant, useNow } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { countOf, formatDay } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import type { Tone } from "../words.ts";
import { EnterExpiry, type EnterExpiryCommand } from "./enter-expiry.tsx";

/** Every credential, the nearest to its end first: what it is, when it ends, and the way to replace it. */
export function CredentialsTable(props: {
  readonly rows: readonly CredentialItem[];
  /** Null for who may not manage credentials. */
  readonly enterExpiry: EnterExpiryCommand | null;
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Credentials"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columnsFor(props.enterExpiry)}
      empty={props.empty}
      minWidth={860}
    />
  );
}

const columnsFor = (enterExpiry: EnterExpiryCommand | null): readonly Column<CredentialItem>[] => [
  { accessor: "holder", title: "Whose", render: (row) => <Holder item={row} /> },
  {
    accessor: "credential",
    title: "Kind",
    render: ({ credential, state }) => (
      <Text size="sm">
        {credential === "secret" ? "Client secret" : "Certificate"}
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
    render: ({ holder, verifiedAt }) => (
      <Text size="sm" c="dimmed">
        {verifiedAt !== null ? (
          <Instant at={verifiedAt} />
        ) : holder.kind === "installation" ? (
          "With each connection"
        ) : (
          "Never"
        )}
      </Text>
    ),
  },
  {
    accessor: "id",
    title: "What to do",
    render: (row) => <Action item={row} enterExpiry={enterExpiry} />,
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
        {item.stage === "expired" ? "is over" : `${countOf(Math.max(0, left), "day")} left`}
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

function Action(props: {
  readonly item: CredentialItem;
  readonly enterExpiry: EnterExpiryCommand | null;
}) {
  const { item, enterExpiry } = props;
  if (item.holder.kind === "installation") {
    return (
      <Text size="sm" c="dimmed" style={{ whiteSpace: "normal" }} maw={230}>
        {item.expiresAt === null
          ? "Whoever runs this installation can say when it ends."
          : "Whoever runs this installation renews it."}
      </Text>
    );
  }
  const unknown = item.expiresAt === null && item.credential === "secret";
  if (enterExpiry !== null && unknown && item.state === "active") {
    return <EnterExpiry connectionId={item.id} name={item.holder.name} command={enterExpiry} />;
  }
  return (
    <TextLink href={`/connections/${item.id}#credential`} size="sm">
      Replace it
    </TextLink>
  );
}
