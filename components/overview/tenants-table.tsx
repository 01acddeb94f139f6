"use client";
import { Stack, Text } from "@mantine/core";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { sourceLabels } from "#lib/domain/connection-labels";
import { ConnectionFigure, LeftOutNote } from "../connections/connection-figure.tsx";
import { FreshnessStamp } from "../freshness-stamp.tsx";
import { ConnectionBadge } from "../status-badge.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { TextLink } from "../ui/link.tsx";

/** The tenants side by side: how fresh, how many licenses, how many at risk, how much idle, in what state. */
export function TenantsTable({ tenants }: { readonly tenants: readonly ConnectionItem[] }) {
  return (
    <DataTable
      label="Tenants"
      rows={tenants}
      rowId={(row) => row.id}
      columns={columns}
      empty={null}
      minWidth={720}
      stacks
    />
  );
}

const figure = (row: ConnectionItem, label: string, value: number | null, path: string) => (
  <ConnectionFigure
    connection={row}
    label={`${label} of ${row.tenantName ?? row.name}`}
    value={value}
    href={row.tenantId === null ? undefined : path}
  />
);

const columns: readonly Column<ConnectionItem>[] = [
  {
    accessor: "name",
    title: "Tenant",
    render: (row) => (
      <Stack gap={0}>
        <TextLink href={`/connections/${row.id}`} size="sm" fw={550}>
          <bdi>{row.tenantName ?? row.name}</bdi>
        </TextLink>
        <Text size="xs" c="dimmed" className="wrap-anywhere">
          <bdi>{row.tenantDomain ?? row.tenantId ?? "Tenant not proven yet"}</bdi>
          {` · ${sourceLabels[row.source]}`}
        </Text>
      </Stack>
    ),
  },
  {
    accessor: "status",
    title: "State",
    render: (row) => (
      <Stack gap={4} align="flex-start">
        <ConnectionBadge status={row.status} />
        <LeftOutNote reason={row.leftOut} />
      </Stack>
    ),
  },
  {
    accessor: "licenses",
    title: "Licenses",
    textAlign: "right",
    render: (row) => figure(row, "Licenses", row.licenses, `/licenses?tenant=${row.tenantId}`),
  },
  {
    accessor: "atRisk",
    title: "At risk",
    textAlign: "right",
    render: (row) =>
      figure(row, "At risk", row.atRisk, `/licenses?tenant=${row.tenantId}&compliance=at-risk`),
  },
  {
    accessor: "idleUnits",
    title: "Idle seats",
    textAlign: "right",
    render: (row) =>
      figure(row, "Idle seats", row.idleUnits, `/opportunities?tenant=${row.tenantId}`),
  },
  {
    accessor: "asOf",
    title: "Freshness",
    width: 230,
    render: (row) => <FreshnessStamp asOf={row.asOf} source={row.source} />,
  },
];
