"use client";
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { MemberItem } from "#lib/domain/member-item";
import type { Role } from "#lib/domain/role";
import { StatusBadge } from "./status-badge.tsx";
import { Instant } from "./ui/clock.tsx";
import { type Column, DataTable } from "./ui/data-table.tsx";
import { roleWords } from "./words.ts";

/** The members of the workspace; read only. */
export function MembersTable(props: {
  readonly rows: readonly MemberItem[];
  readonly nextCursor: string | null;
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Members"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columns}
      nextCursor={props.nextCursor}
      empty={props.empty}
      minWidth={760}
    />
  );
}

/** What a role is for. Source: DESIGN §2. */
const roleMeans: Readonly<Record<Role, string>> = {
  viewer: "Reads everything, without names of people",
  analyst: "Reads, edits prices and purchases, starts imports, decides held ones",
  "connection-admin": "Reads, manages connections and credentials, starts and cancels imports",
  auditor: "Reads, and the audit log",
  owner: "Everything, and members, tokens and integrations",
};

const columns: readonly Column<MemberItem>[] = [
  {
    accessor: "name",
    title: "Member",
    render: (row) => (
      <Stack gap={0}>
        <Text size="sm" fw={550}>
          <bdi>{row.name}</bdi>
        </Text>
        <Text size="xs" c="dimmed" className="wrap-anywhere">
          <bdi>{row.userPrincipalName ?? "No user name"}</bdi>
        </Text>
      </Stack>
    ),
  },
  {
    accessor: "role",
    title: "Role",
    render: (row) => (
      <Stack gap={0}>
        <Text size="sm">{roleWords[row.role]}</Text>
        <Text size="xs" c="dimmed">
          {roleMeans[row.role]}
        </Text>
      </Stack>
    ),
  },
  {
    accessor: "disabledAt",
    title: "State",
    render: (row) =>
      row.disabledAt === null ? (
        <StatusBadge label="Active" tone="ok" />
      ) : (
        <StatusBadge label="Disabled" tone="quiet" />
      ),
  },
  {
    accessor: "lastSeenAt",
    title: "Last signed in",
    render: (row) =>
      row.lastSeenAt === null ? (
        <Text size="sm" c="dimmed">
          Never
        </Text>
      ) : (
        <Instant at={row.lastSeenAt} />
      ),
  },
];
