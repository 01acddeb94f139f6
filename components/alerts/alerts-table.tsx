"use client";
import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { AlertSeverity } from "#lib/domain/alert";
import type { AlertItem } from "#lib/domain/alert-item";
import { StatusBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import { CommandButton } from "../ui/command-button.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { TextLink } from "../ui/link.tsx";
import type { Command } from "../ui/use-command.ts";
import type { Tone } from "../words.ts";

export type AcknowledgeAlert = Command<{ readonly alertId: string }>;

const severityWords: Readonly<
  Record<AlertSeverity, { readonly label: string; readonly tone: Tone }>
> = {
  critical: { label: "Critical", tone: "risk" },
  warning: { label: "Warning", tone: "warn" },
  notice: { label: "Notice", tone: "info" },
};

/** What the workspace has to know of: what is wrong, what is not shown because of it, what to do, and who does. */
export function AlertsTable(props: {
  readonly rows: readonly AlertItem[];
  readonly nextCursor: string | null;
  /** Null for who may not. */
  readonly acknowledge: AcknowledgeAlert | null;
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Alerts"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columnsFor(props.acknowledge)}
      nextCursor={props.nextCursor}
      empty={props.empty}
      minWidth={720}
      stacks
    />
  );
}

const columnsFor = (acknowledge: AcknowledgeAlert | null): readonly Column<AlertItem>[] => [
  { accessor: "what", title: "What", render: (row) => <What alert={row} /> },
  {
    accessor: "openedAt",
    title: "Since",
    width: 150,
    render: (row) => (
      <Text size="sm">
        <Instant at={row.openedAt} />
      </Text>
    ),
  },
  {
    accessor: "acknowledgedAt",
    title: "State",
    width: 210,
    render: (row) => <State alert={row} acknowledge={acknowledge} />,
  },
];

function What({ alert }: { readonly alert: AlertItem }) {
  return (
    <Stack gap={2} py={4} style={{ whiteSpace: "normal" }}>
      <Group gap="xs">
        <StatusBadge {...severityWords[alert.severity]} />
        <TextLink href={alert.href} size="sm" fw={600} c="inherit" underline="always">
          <bdi>{alert.tenantName ?? "This installation"}</bdi>
        </TextLink>
      </Group>
      <Text size="sm">{alert.what}</Text>
      <Text size="sm" c="dimmed">
        {[alert.hidden, alert.action].filter(Boolean).join(" ")}
      </Text>
    </Stack>
  );
}

function State(props: {
  readonly alert: AlertItem;
  readonly acknowledge: AcknowledgeAlert | null;
}) {
  const { alert, acknowledge } = props;
  if (alert.resolvedAt !== null) {
    return (
      <Text size="sm" c="dimmed">
        Over <Instant at={alert.resolvedAt} />
      </Text>
    );
  }
  if (alert.acknowledgedAt !== null) {
    return (
      <Text size="sm" c="dimmed" style={{ whiteSpace: "normal" }}>
        Acknowledged by <bdi>{alert.acknowledgedBy}</bdi>, <Instant at={alert.acknowledgedAt} />
      </Text>
    );
  }
  if (acknowledge === null) return <Text size="sm">Open</Text>;
  return (
    <CommandButton
      command={acknowledge}
      input={{ alertId: alert.id }}
      done="Acknowledged. It stays listed until it is over."
      size="xs"
      variant="default"
    >
      Acknowledge
    </CommandButton>
  );
}
