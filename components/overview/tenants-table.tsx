"use client";
import { Stack, Text } from "@mantine/core";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { FreshnessStamp } from "../freshness-stamp.tsx";
import { Quantity } from "../quantity.tsx";
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
    />
  );
}

const figure = (row: ConnectionItem, label: string, value: number, path: string) => (
  <Quantity
    label={`${label} of ${row.tenantName ?? row.name}`}
    value={row.asOf.directory === null ? null : value}
    subject="directory"
    reason="not-imported"
    href={row.tenantId === null ? undefined : path}
    fixHref={`/connections/${row.id}`}
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
        </Text>
      </Stack>
    ),
  },
  { accessor: "status", title: "State", render: (row) => <ConnectionBadge status={row.status} /> },
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
