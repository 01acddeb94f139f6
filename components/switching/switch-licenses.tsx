"use client";
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { sourceLabels } from "#lib/domain/connection-labels";
import { retiredReasonLabels } from "#lib/domain/labels";
import type { RetiredReason } from "#lib/domain/license";
import type { SwitchedLicense } from "#lib/domain/switch-preview";
import { StatusBadge } from "../status-badge.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { countOf, formatChange, formatNumber, lowerFirst } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";

/** Rows a page shows: the rest of a large workspace is seen tenant by tenant. */
const shown = 200;

/** Each license now and after, with its counterpart. Those that need a look come first. */
export function SwitchLicenses(props: {
  readonly label: string;
  readonly rows: readonly SwitchedLicense[];
  /** Null when all are of one tenant. */
  readonly tenantNames: Readonly<Record<string, string>> | null;
  readonly higher: string;
  /** Whether each row is compared with a counterpart. */
  readonly compared: boolean;
  readonly empty: ReactNode;
}) {
  const left = props.rows.length - shown;
  const columns = [
    productColumn(props.tenantNames),
    statusColumn,
    ...(props.compared
      ? [
          counterpartColumn(props.higher),
          compareColumn("entitled", "Entitled", props.higher),
          compareColumn("consumed", "Consumed", props.higher),
        ]
      : [plainColumn("entitled", "Entitled"), plainColumn("consumed", "Consumed")]),
  ];
  return (
    <DataTable
      label={props.label}
      rows={props.rows.slice(0, shown)}
      rowId={(row) => row.licenseId}
      columns={columns}
      minWidth={props.compared ? 860 : 560}
      stacks
      retired={(row) => row.now !== null && row.after !== null}
      empty={props.empty}
      footnote={
        left > 0
          ? `${countOf(left, "more license")} not shown here; open a tenant to see all of its.`
          : undefined
      }
    />
  );
}

const productColumn = (
  tenantNames: Readonly<Record<string, string>> | null,
): Column<SwitchedLicense> => ({
  accessor: "productName",
  title: "License",
  width: 240,
  render: (row) => (
    <Stack gap={0}>
      <TextLink href={`/licenses/${row.licenseId}`} fw={550} size="sm" prefetch={false}>
        {row.productName}
      </TextLink>
      <Text size="xs" c="dimmed" className="wrap-anywhere">
        {row.partNumber ?? "No part number"} ·{" "}
        {tenantNames !== null && (
          <>
            <bdi>{tenantNames[row.tenantId]}</bdi> ·{" "}
          </>
        )}
        {sourceLabels[row.source]}
      </Text>
    </Stack>
  ),
});

const statusColumn: Column<SwitchedLicense> = {
  accessor: "after",
  title: "Now and after",
  width: 190,
  render: (row) =>
    row.now === row.after ? (
      <Status reason={row.now} unchanged />
    ) : (
      <Stack gap={4} align="flex-start">
        <Status reason={row.now} />
        <Status reason={row.after} after />
      </Stack>
    ),
};

function Status(props: {
  readonly reason: RetiredReason | null;
  readonly after?: boolean;
  readonly unchanged?: boolean;
}) {
  const { reason } = props;
  const word =
    reason === null
      ? "Counts"
      : reason === "parallel-run"
        ? retiredReasonLabels[reason].label
        : `Retired, ${lowerFirst(retiredReasonLabels[reason].label)}`;
  const when = props.after ? "then: " : props.unchanged ? "" : "now: ";
  return (
    <Text size="xs" component="div" {...(reason === null ? {} : { c: "dimmed" })}>
      {when}
      {word}
    </Text>
  );
}

const counterpartColumn = (higher: string): Column<SwitchedLicense> => ({
  accessor: "counterpart",
  title: "Counterpart",
  width: 185,
  render: (row) =>
    row.counterpart === null ? (
      <StatusBadge
        label="None"
        tone="warn"
        title={`${higher} reports no license of this tenant with the same SKU id.`}
      />
    ) : (
      <Stack gap={4} align="flex-start">
        <TextLink href={`/licenses/${row.counterpart.licenseId}`} size="sm" prefetch={false}>
          Its counterpart
        </TextLink>
        {row.disagrees && (
          <StatusBadge
            label="Counts differ"
            tone="warn"
            title="By more than a third of the larger count."
          />
        )}
      </Stack>
    ),
});

type Figure = "entitled" | "consumed";

const compareColumn = (field: Figure, title: string, higher: string): Column<SwitchedLicense> => ({
  accessor: field,
  title,
  textAlign: "right",
  render: (row) => {
    const { counterpart } = row;
    const difference = counterpart?.difference[field] ?? null;
    return (
      <Stack gap={0}>
        <Seats value={row[field]} type={row.type} />
        {counterpart !== null && (
          <Text size="xs" c="dimmed" component="div">
            {higher}: <Seats value={counterpart[field]} type={row.type} />
            {difference === null ? "" : ` (${formatChange(difference)})`}
          </Text>
        )}
      </Stack>
    );
  },
});

const plainColumn = (field: Figure, title: string): Column<SwitchedLicense> => ({
  accessor: field,
  title,
  textAlign: "right",
  render: (row) => <Seats value={row[field]} type={row.type} />,
});

function Seats(props: { readonly value: number | null; readonly type: SwitchedLicense["type"] }) {
  if (props.value !== null) return <span>{formatNumber(props.value)}</span>;
  return <span>{props.type === "tenant" ? "not per user" : "not known"}</span>;
}
