"use client";
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { changeSubject } from "#lib/domain/change";
import type { ChangeItem } from "#lib/domain/change-models";
import { unitsChange } from "#lib/domain/change-text";
import { Instant } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { countOf, formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { ChangeBadge } from "./change-badge.tsx";
import { PersonLink } from "./person-link.tsx";

type Leave = "product" | "when" | "who";

/** Changes row by row: what, of which license, whose. `without`: columns that would say the same in every row. */
export function ChangesTable(props: {
  readonly rows: readonly ChangeItem[];
  /** Undefined when the table is not paged. */
  readonly nextCursor?: string | null;
  readonly seesPeople: boolean;
  readonly without?: readonly Leave[];
  readonly empty: ReactNode;
  readonly label?: string;
  readonly minWidth?: number;
}) {
  const without: readonly string[] = props.without ?? [];
  return (
    <DataTable
      label={props.label ?? "Changes"}
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columns.filter(({ accessor }) => !without.includes(String(accessor)))}
      empty={props.empty}
      minWidth={props.minWidth ?? 720}
      stacks
      {...(props.nextCursor === undefined ? {} : { nextCursor: props.nextCursor })}
      {...(props.seesPeople
        ? {}
        : {
            footnote:
              "Seats are counted, nobody is named: your role does not include seeing people.",
          })}
    />
  );
}

const columns: readonly Column<ChangeItem>[] = [
  {
    accessor: "when",
    title: "Published",
    width: 130,
    noWrap: true,
    render: (row) =>
      row.importId === null ? (
        <Instant at={row.at} />
      ) : (
        <TextLink href={`/imports/${row.importId}`} size="sm" prefetch={false}>
          <Instant at={row.at} />
        </TextLink>
      ),
  },
  {
    accessor: "kind",
    title: "Change",
    width: 220,
    render: (row) => <ChangeBadge kind={row.kind} />,
  },
  { accessor: "who", title: "Who or what", render: (row) => <Whose row={row} /> },
  {
    accessor: "product",
    title: "License",
    render: (row) =>
      row.licenseId === null ? (
        <Text size="sm">{row.productName}</Text>
      ) : (
        <TextLink href={`/licenses/${row.licenseId}?tab=changes#rows`} size="sm" prefetch={false}>
          {row.productName}
        </TextLink>
      ),
  },
];

function Whose({ row }: { readonly row: ChangeItem }) {
  const { person } = row;
  if (person === null) {
    return (
      <Text size="sm">
        {changeSubject(row.kind) === "seat"
          ? countOf(row.count, "seat")
          : unitsChange(row, formatNumber)}
      </Text>
    );
  }
  const address = person.userPrincipalName;
  return (
    <Stack gap={0}>
      <PersonLink userId={person.userId} size="sm" fw={550}>
        <bdi>{person.displayName ?? address ?? "Name not known"}</bdi>
      </PersonLink>
      {address !== null && person.displayName !== null && (
        <Text size="xs" c="dimmed" className="wrap-anywhere">
          <bdi>{address}</bdi>
        </Text>
      )}
    </Stack>
  );
}
