"use client";
import { Stack, Text } from "@mantine/core";
import { noMatchText, type UnmatchedPerson } from "#lib/domain/people-matching";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatNumber } from "../ui/format.ts";

/** People of a managed application who are not in Microsoft's own data. */
export function UnmatchedTable(props: {
  readonly rows: readonly UnmatchedPerson[];
  readonly nextCursor: string | null;
  /** Only those who fit a search. */
  readonly searched: boolean;
}) {
  return (
    <DataTable
      label="People who are not in Microsoft’s data"
      rows={props.rows}
      rowId={(row) => row.userId}
      columns={columns}
      minWidth={680}
      stacks
      nextCursor={props.nextCursor}
      empty={
        props.searched ? (
          <EmptyState order={3} title="Nobody fits">
            None of those who were not found has this in their name or addresses.
          </EmptyState>
        ) : (
          <EmptyState order={3} title="Everybody was found">
            Every active account of the application is one of Microsoft’s.
          </EmptyState>
        )
      }
    />
  );
}

const columns: readonly Column<UnmatchedPerson>[] = [
  {
    accessor: "displayName",
    title: "Account of the application",
    render: ({ displayName, mail, userPrincipalName }) => (
      <Stack gap={0}>
        <Text size="sm">
          <bdi>{displayName ?? userPrincipalName ?? mail ?? "No name told"}</bdi>
        </Text>
        <Text size="xs" c="dimmed" className="wrap-anywhere">
          <bdi>{userPrincipalName ?? mail ?? "No address told"}</bdi>
        </Text>
      </Stack>
    ),
  },
  {
    accessor: "seats",
    title: "SKUs it holds",
    textAlign: "right",
    render: ({ seats }) => formatNumber(seats),
  },
  {
    accessor: "reason",
    title: "Why",
    render: ({ reason }) => <Text size="sm">{noMatchText(reason)}</Text>,
  },
];
