"use client";
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { confidenceLabels, opportunityKindLabels } from "#lib/domain/labels";
import type { OpportunityItem } from "#lib/domain/opportunity-item";
import { PriceText } from "../money-text.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { confidenceTones, originWords } from "../words.ts";

/** The worklist: one row per seat that could be reclaimed, with why in one sentence. */
export function OpportunitiesTable(props: {
  readonly rows: readonly OpportunityItem[];
  readonly nextCursor: string | null;
  readonly seesPeople: boolean;
  readonly empty: ReactNode;
  /** On a license's own page its name would be said in every row. */
  readonly withoutLicense?: boolean;
}) {
  return (
    <DataTable
      label="Opportunities"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={
        props.withoutLicense
          ? columns.filter(({ accessor }) => accessor !== "productName")
          : columns
      }
      nextCursor={props.nextCursor}
      empty={props.empty}
      minWidth={940}
      {...(props.seesPeople
        ? {}
        : { footnote: "Names are hidden: your role does not include seeing people." })}
    />
  );
}

const columns: readonly Column<OpportunityItem>[] = [
  {
    accessor: "displayName",
    title: "Who",
    width: 240,
    render: (row) => <Who row={row} />,
  },
  {
    accessor: "productName",
    title: "License",
    width: 220,
    render: (row) => (
      <Stack gap={0}>
        <TextLink href={`/licenses/${row.licenseId}`} size="sm" prefetch={false}>
          {row.productName}
        </TextLink>
        <Text size="xs" c="dimmed">
          <bdi>{row.tenantName}</bdi>
        </Text>
      </Stack>
    ),
  },
  {
    accessor: "reason",
    title: "Why",
    render: (row) => (
      <Stack gap={0}>
        <Text size="sm">{row.reason}</Text>
        <Text size="xs" c="dimmed">
          {opportunityKindLabels[row.kind].label}
          {row.origin !== null && ` · assigned: ${originWords[row.origin].toLowerCase()}`}
        </Text>
      </Stack>
    ),
  },
  {
    accessor: "confidence",
    title: "Confidence",
    width: 150,
    render: (row) => (
      <Stack gap={0}>
        <StatusBadge
          label={confidenceLabels[row.confidence].label}
          tone={confidenceTones[row.confidence]}
          title={confidenceLabels[row.confidence].meaning}
        />
        {row.confidence === "low" && (
          <Text size="xs" c="dimmed">
            Check first; in no money figure
          </Text>
        )}
      </Stack>
    ),
  },
  {
    accessor: "units",
    title: "Seats",
    textAlign: "right",
    render: (row) => formatNumber(row.units),
  },
  {
    accessor: "monthlyPrice",
    title: "A seat, a month",
    textAlign: "right",
    noWrap: true,
    render: (row) => <PriceText price={row.monthlyPrice} />,
  },
];

function Who({ row }: { readonly row: OpportunityItem }) {
  if (row.kind === "unassigned")
    return <Text size="sm">Nobody: {formatNumber(row.units)} free units</Text>;
  return (
    <Stack gap={0}>
      <Text size="sm" fw={550} lineClamp={1}>
        <bdi>{row.displayName ?? row.userPrincipalName ?? "Name hidden"}</bdi>
      </Text>
      {row.userPrincipalName !== null && (
        <Text size="xs" c="dimmed" className="wrap-anywhere">
          <bdi>{row.userPrincipalName}</bdi>
        </Text>
      )}
      {row.department !== null && (
        <Text size="xs" c="dimmed">
          <bdi>{row.department}</bdi>
        </Text>
      )}
    </Stack>
  );
}
