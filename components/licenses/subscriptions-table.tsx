"use client";
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { SubscriptionItem } from "#lib/domain/license-item";
import { Quantity } from "../quantity.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { Day } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";

/** The commercial subscriptions behind a license: status, units, dates, partner. */
export function SubscriptionsTable(props: {
  readonly rows: readonly SubscriptionItem[];
  readonly nextCursor: string | null;
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Subscriptions"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columns}
      nextCursor={props.nextCursor}
      empty={props.empty}
      minWidth={720}
    />
  );
}

const day = (instant: string | null): ReactNode =>
  instant === null ? (
    <Text size="sm" c="dimmed">
      Not reported
    </Text>
  ) : (
    <Day day={instant.slice(0, 10)} />
  );

const toneOf = (status: string | null) =>
  status === "Enabled" ? "ok" : status === "Warning" ? "warn" : status === null ? "quiet" : "risk";

const columns: readonly Column<SubscriptionItem>[] = [
  {
    accessor: "status",
    title: "Status",
    render: (row) => <StatusBadge label={row.status ?? "Not reported"} tone={toneOf(row.status)} />,
  },
  {
    accessor: "totalUnits",
    title: "Units",
    textAlign: "right",
    render: (row) => (
      <Quantity label="Units" value={row.totalUnits} subject="enabled" reason="not-reported" />
    ),
  },
  {
    accessor: "trial",
    title: "Kind",
    render: (row) => (row.trial === null ? "Not reported" : row.trial ? "Trial" : "Paid"),
  },
  { accessor: "createdAt", title: "Created", noWrap: true, render: (row) => day(row.createdAt) },
  {
    accessor: "nextLifecycleAt",
    title: "Next lifecycle date",
    noWrap: true,
    render: (row) => day(row.nextLifecycleAt),
  },
  {
    accessor: "partnerTenantId",
    title: "Bought",
    render: (row) =>
      row.partnerTenantId === null ? (
        "Directly from Microsoft"
      ) : (
        <Text size="sm">
          Through a partner{" "}
          <Text span size="xs" c="dimmed" ff="monospace">
            {row.partnerTenantId}
          </Text>
        </Text>
      ),
  },
];
