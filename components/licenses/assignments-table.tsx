"use client";
import { Group, Stack, Text, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { AssignmentItem } from "#lib/domain/assignment-item";
import type { Source } from "#lib/domain/connection";
import { PersonLink } from "../changes/person-link.tsx";
import { Quantity } from "../quantity.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { Day } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { activityWord, originWords } from "../words.ts";

/** The people who hold a license: how they came by it, and whether they use it. */
export function AssignmentsTable(props: {
  readonly rows: readonly AssignmentItem[];
  readonly nextCursor: string | null;
  readonly seesPeople: boolean;
  readonly source: Source;
  readonly connectionHref: string;
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Assignments"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columnsFor(props.connectionHref, props.source)}
      nextCursor={props.nextCursor}
      empty={props.empty}
      minWidth={880}
      {...(props.seesPeople
        ? {}
        : { footnote: "Names are hidden: your role does not include seeing people." })}
    />
  );
}

const columnsFor = (connectionHref: string, source: Source): readonly Column<AssignmentItem>[] => [
  {
    accessor: "person",
    title: "Account",
    sortName: "name",
    width: 280,
    render: (row) => <Account row={row} />,
  },
  {
    accessor: "activity",
    title: "Activity",
    render: (row) =>
      row.activity === null ? (
        <Quantity
          label="Activity"
          value={null}
          subject="activity"
          reason={row.activityReason ?? "not-imported"}
          fixHref={connectionHref}
        />
      ) : (
        <StatusBadge {...activityWord(row.activity)} />
      ),
  },
  {
    accessor: "evidenceOn",
    title: "Last use",
    noWrap: true,
    render: (row) =>
      row.evidenceOn === null ? (
        <Text size="sm" c="dimmed">
          {row.activity === null ? "Not told" : "None recorded"}
        </Text>
      ) : (
        <Day day={row.evidenceOn} />
      ),
  },
  { accessor: "origin", title: "Assigned", width: 220, render: (row) => <Origin row={row} /> },
  {
    accessor: "department",
    title: "Department",
    render: (row) => (
      <Text size="sm">
        <bdi>{[row.department, row.country].filter(Boolean).join(" · ") || unset(source)}</bdi>
      </Text>
    ),
  },
];

/** Only Microsoft's own data has departments and countries. */
const unset = (source: Source): string => (source === "microsoft-365" ? "Not set" : "Not told");

function Account({ row }: { readonly row: AssignmentItem }) {
  const marks = [row.blocked && "blocked", row.guest && "guest"].filter((mark) => mark !== false);
  return (
    <Stack gap={2}>
      <Text size="sm" fw={550} lineClamp={1}>
        {row.person === null ? (
          "Name hidden"
        ) : (
          <PersonLink userId={row.person.userId} inherit>
            <bdi>{row.person.displayName ?? row.person.userPrincipalName ?? "Name not known"}</bdi>
          </PersonLink>
        )}
      </Text>
      {row.person?.userPrincipalName != null && (
        <Text size="xs" c="dimmed" className="wrap-anywhere">
          <bdi>{row.person.userPrincipalName}</bdi>
        </Text>
      )}
      {marks.length > 0 && (
        <Group gap={4}>
          {marks.map((mark) => (
            <StatusBadge key={mark} label={mark === "blocked" ? "Blocked" : "Guest"} tone="quiet" />
          ))}
        </Group>
      )}
    </Stack>
  );
}

function Origin({ row }: { readonly row: AssignmentItem }) {
  const groups = row.groups.map((group) => group.name ?? group.id).join(", ");
  return (
    <Stack gap={2}>
      <Text size="sm">{originWords[row.origin]}</Text>
      {groups !== "" && (
        <Text size="xs" c="dimmed" lineClamp={2}>
          <bdi>{groups}</bdi>
        </Text>
      )}
      {row.inError && (
        <Tooltip label={row.error ?? "Microsoft gave no reason."}>
          <span>
            <StatusBadge label="In error" tone="risk" />
          </span>
        </Tooltip>
      )}
    </Stack>
  );
}
