"use client";
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { datasetLabels } from "#lib/domain/connection-labels";
import type { ImportItem } from "#lib/domain/import-item";
import { ImportBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { countOf, formatDuration } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { triggerWords } from "../words.ts";

/** Imports of a connection, newest first. */
export function ImportsTable(props: {
  readonly rows: readonly ImportItem[];
  readonly nextCursor: string | null;
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Imports"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columns}
      nextCursor={props.nextCursor}
      empty={props.empty}
      minWidth={760}
      stacks
    />
  );
}

const columns: readonly Column<ImportItem>[] = [
  {
    accessor: "createdAt",
    title: "Started",
    render: (row) => (
      <TextLink href={`/imports/${row.id}`} size="sm" prefetch={false}>
        <Instant at={row.startedAt ?? row.createdAt} />
      </TextLink>
    ),
  },
  { accessor: "state", title: "State", render: (row) => <ImportBadge state={row.state} /> },
  {
    accessor: "trigger",
    title: "Asked for",
    render: (row) => (
      <Text size="sm">
        {triggerWords[row.trigger]}, <bdi>{row.requestedBy}</bdi>
      </Text>
    ),
  },
  { accessor: "finishedAt", title: "Took", render: (row) => duration(row) },
  {
    accessor: "published",
    title: "Published",
    render: (row) => {
      const published = row.datasets.filter(({ publishedAt }) => publishedAt !== null);
      return published.length === 0
        ? "Nothing"
        : published.map(({ name }) => datasetLabels[name]).join(", ");
    },
  },
  {
    accessor: "rows",
    title: "Read",
    textAlign: "right",
    render: (row) =>
      countOf(
        row.streams.reduce((sum, stream) => sum + stream.rows, 0),
        "row",
      ),
  },
];

const duration = ({ startedAt, finishedAt }: ImportItem): string =>
  startedAt === null || finishedAt === null
    ? "Not finished"
    : formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
