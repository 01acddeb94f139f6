"use client";
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { sourceLabels } from "#lib/domain/connection-labels";
import type { SupersedingSource } from "#lib/domain/precedence";
import { StatusBadge } from "../status-badge.tsx";
import { Day, Instant } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { TextLink } from "../ui/link.tsx";

interface Where {
  readonly id: string;
  readonly by: SupersedingSource;
  /** Null = the whole workspace. */
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly connectionId: string | null;
}

/** A switch in force, or asked for ahead. */
export type SwitchRow = Where &
  (
    | { readonly kind: "in-force"; readonly createdBy: string; readonly createdAt: string }
    | {
        readonly kind: "parallel-run";
        readonly startedBy: string;
        readonly switchAt: string;
        readonly obstacle: string | null;
      }
  );

/** Every switch of the workspace. */
export function SwitchTable(props: {
  readonly rows: readonly SwitchRow[];
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Switches"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columns}
      stacks
      empty={props.empty}
    />
  );
}

const hrefOf = (row: SwitchRow): string | null => {
  if (row.tenantId === null) return "/settings/integrations/saas-management";
  return row.connectionId === null ? null : `/connections/${row.connectionId}/move?to=${row.by}`;
};

const columns: readonly Column<SwitchRow>[] = [
  {
    accessor: "tenantName",
    title: "Where",
    render: (row) => {
      const name = row.tenantId === null ? "Whole workspace" : (row.tenantName ?? row.tenantId);
      const href = hrefOf(row);
      return href === null ? (
        <Text size="sm">
          <bdi>{name}</bdi>
        </Text>
      ) : (
        <TextLink href={href} size="sm" fw={550} prefetch={false}>
          <bdi>{name}</bdi>
        </TextLink>
      );
    },
  },
  { accessor: "by", title: "Counts", render: (row) => sourceLabels[row.by] },
  {
    accessor: "kind",
    title: "State",
    render: (row) => {
      if (row.kind === "in-force") return <StatusBadge label="In force" tone="ok" />;
      return row.obstacle === null ? (
        <StatusBadge label="Parallel run" tone="info" />
      ) : (
        <StatusBadge label="Could not be switched" tone="warn" title={row.obstacle} />
      );
    },
  },
  {
    accessor: "at",
    title: "Since or from",
    render: (row) =>
      row.kind === "in-force" ? (
        <Instant at={row.createdAt} />
      ) : (
        <Day day={row.switchAt.slice(0, 10)} />
      ),
  },
  {
    accessor: "who",
    title: "Who",
    render: (row) => <bdi>{row.kind === "in-force" ? row.createdBy : row.startedBy}</bdi>,
  },
];
