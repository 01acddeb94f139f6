"use client";
import { SegmentedControl, Text } from "@mantine/core";
import { parseAsArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useTransition } from "react";
import type { SwitchTenant } from "#lib/domain/switch-preview";
import type { TenantChoice } from "#lib/domain/switching";
import { Instant } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";

/** Tenant by tenant: its successor, what it counts now and after, and what becomes of one without a successor. */
export function SwitchTenants(props: {
  readonly tenants: readonly SwitchTenant[];
  readonly higher: string;
  readonly choosable: boolean;
}) {
  return (
    <DataTable
      label="Tenants"
      rows={props.tenants}
      rowId={(row) => row.tenantId}
      columns={[...columns(props.higher), choiceColumn(props.choosable)]}
      minWidth={860}
      stacks
      empty={
        <EmptyState order={3} title="No tenant is imported yet">
          Tenants are listed here when a connector has imported them.
        </EmptyState>
      }
    />
  );
}

const columns = (higher: string): readonly Column<SwitchTenant>[] => [
  {
    accessor: "tenantName",
    title: "Tenant",
    render: (row) => (
      <TextLink href={`/licenses?tenant=${row.tenantId}`} size="sm" fw={550} prefetch={false}>
        <bdi>{row.tenantName}</bdi>
      </TextLink>
    ),
  },
  {
    accessor: "successor",
    title: `In ${higher}`,
    render: ({ successor }) =>
      successor === null ? (
        <Text size="sm">No successor</Text>
      ) : (
        <TextLink href={`/connections/${successor.connectionId}`} size="sm" prefetch={false}>
          {successor.asOf === null ? "Imported" : <Instant at={successor.asOf} />}
        </TextLink>
      ),
  },
  {
    accessor: "licenses",
    title: "Licenses below",
    textAlign: "right",
    render: (row) => formatNumber(row.licenses),
  },
  {
    accessor: "unmatched",
    title: "No counterpart",
    textAlign: "right",
    render: (row) => formatNumber(row.unmatched),
  },
  {
    accessor: "consumed",
    title: "Consumed",
    textAlign: "right",
    render: (row) => `${formatNumber(row.before.consumed)} → ${formatNumber(row.after.consumed)}`,
  },
];

const choiceColumn = (choosable: boolean): Column<SwitchTenant> => ({
  accessor: "choice",
  title: "What becomes of it",
  width: 200,
  render: (row) => {
    if (!row.needsChoice) return <Text size="sm">Switched</Text>;
    if (choosable) return <Choice tenant={row} />;
    return (
      <Text size="sm">{row.choice === "keep" ? "Kept as it is" : "Retired all the same"}</Text>
    );
  },
});

const choices: readonly { readonly value: TenantChoice; readonly label: string }[] = [
  { value: "retire", label: "Retire" },
  { value: "keep", label: "Keep" },
];

/** Kept in the URL, so that the numbers above follow it and a reload loses nothing. */
function Choice({ tenant }: { readonly tenant: SwitchTenant }) {
  const [pending, startTransition] = useTransition();
  const [url, setUrl] = useQueryStates(
    { keep: parseAsArrayOf(parseAsString), retire: parseAsArrayOf(parseAsString) },
    { shallow: false, history: "push", startTransition },
  );
  const { tenantId, tenantName, choice } = tenant;
  const choose = (value: string): void => {
    const without = (list: readonly string[] | null) =>
      (list ?? []).filter((id) => id !== tenantId);
    const keep = without(url.keep);
    const retire = without(url.retire);
    (value === "keep" ? keep : retire).push(tenantId);
    void setUrl({
      keep: keep.length === 0 ? null : keep,
      retire: retire.length === 0 ? null : retire,
    });
  };
  return (
    <SegmentedControl
      aria-label={`What becomes of ${tenantName}`}
      size="xs"
      value={choice ?? ""}
      onChange={choose}
      disabled={pending}
      data={[...choices]}
    />
  );
}
