"use client";
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { sourceLabels } from "#lib/domain/connection-labels";
import { isIdleMoneyUnknown, isIdleUnknown } from "#lib/domain/idle";
import { retiredReasonLabels } from "#lib/domain/labels";
import type { LicenseItem } from "#lib/domain/license-item";
import { isUnknownProduct } from "#lib/domain/product-name";
import { FlagBadges } from "../flag-badges.tsx";
import { FreshnessStamp } from "../freshness-stamp.tsx";
import { MoneyText } from "../money-text.tsx";
import { Quantity } from "../quantity.tsx";
import { ComplianceBadge } from "../status-badge.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { UnitsBar } from "../units-bar.tsx";
import { licenseLinks } from "./license-links.ts";

/** One row per license: what it is, whether it is covered, how full it is, and what lies idle. */
export function LicensesTable(props: {
  readonly rows: readonly LicenseItem[];
  readonly nextCursor: string | null;
  readonly empty: ReactNode;
  readonly footnote: ReactNode;
}) {
  return (
    <DataTable
      label="Licenses"
      rows={props.rows}
      rowId={(row) => row.id}
      columns={columns}
      nextCursor={props.nextCursor}
      empty={props.empty}
      minWidth={1060}
      retired={(row) => row.status === "retired"}
      footnote={props.footnote}
    />
  );
}

const figure = (
  row: LicenseItem,
  field: "entitled" | "consumed",
  label: string,
  href: string,
): ReactNode => (
  <Quantity
    label={label}
    value={row[field]}
    subject={field}
    reason={row.unavailable[field]}
    href={href}
    fixHref={licenseLinks(row).connection}
    retired={row.status === "retired"}
  />
);

const columns: readonly Column<LicenseItem>[] = [
  {
    accessor: "productName",
    title: "License",
    sortName: "product",
    width: 162,
    render: (row) => (
      <Stack gap={0}>
        <TextLink href={licenseLinks(row).page} fw={550} size="sm" prefetch={false}>
          {row.productName}
        </TextLink>
        <Text size="xs" c="dimmed" className="wrap-anywhere">
          {row.partNumber ?? row.skuId ?? "No part number"} · <bdi>{row.tenantName}</bdi>
          {row.source !== "microsoft-365" && ` · ${sourceLabels[row.source]}`}
        </Text>
        {isUnknownProduct(row) && (
          <Text size="xs" c="dimmed">
            Not in the product table loaded here
          </Text>
        )}
      </Stack>
    ),
  },
  {
    accessor: "compliance",
    title: "Status",
    width: 204,
    render: (row) => (
      <Stack gap={4}>
        <ComplianceBadge {...row} />
        <SupersededBy reason={row.retiredReason} />
        <FlagBadges flags={row.flags} />
      </Stack>
    ),
  },
  {
    accessor: "bar",
    title: "Use",
    width: 72,
    render: (row) => (
      <UnitsBar
        id={row.id}
        entitled={row.entitled}
        consumed={row.consumed}
        active={row.activity?.active ?? null}
      />
    ),
  },
  {
    accessor: "entitled",
    title: "Entitled",
    textAlign: "right",
    sortName: "entitled",
    render: (row) => figure(row, "entitled", "Entitled", licenseLinks(row).subscriptions),
  },
  {
    accessor: "consumed",
    title: "Consumed",
    textAlign: "right",
    sortName: "consumed",
    render: (row) => figure(row, "consumed", "Consumed", licenseLinks(row).assignments),
  },
  {
    accessor: "available",
    title: "Available",
    textAlign: "right",
    sortName: "available",
    render: (row) => <Availability row={row} />,
  },
  {
    accessor: "idleUnits",
    title: "Idle",
    textAlign: "right",
    sortName: "idle",
    render: (row) => <Idle row={row} />,
  },
  {
    accessor: "exposure",
    title: "Exposure",
    textAlign: "right",
    noWrap: true,
    render: (row) => <Exposure row={row} />,
  },
  {
    accessor: "asOf",
    title: "As of",
    width: 95,
    render: (row) => <FreshnessStamp asOf={row.asOf} source={row.source} only={["directory"]} />,
  },
];

/** Which source stands for a retired license, in words beside its tag. */
function SupersededBy({ reason }: { readonly reason: LicenseItem["retiredReason"] }) {
  if (reason === null || !reason.startsWith("superseded-by-")) return null;
  return (
    <Text size="xs" c="dimmed">
      {retiredReasonLabels[reason].label}
    </Text>
  );
}

const hasNoMoney = (row: LicenseItem): boolean =>
  row.type === "tenant" || row.flags.includes("free-pool") || row.flags.includes("capacity");

function Availability({ row }: { readonly row: LicenseItem }) {
  if (row.shortfall !== null && row.shortfall > 0 && row.status === "active") {
    return (
      <Text size="sm" c="var(--sl-risk)" fw={600}>
        {formatNumber(row.shortfall)} short
      </Text>
    );
  }
  return (
    <Quantity
      label="Available"
      value={row.available}
      subject="available"
      reason={row.unavailable.available}
      href={licenseLinks(row).page}
      fixHref={licenseLinks(row).connection}
      retired={row.status === "retired"}
    />
  );
}

function Idle({ row }: { readonly row: LicenseItem }) {
  if (hasNoMoney(row)) return <NotApplicable />;
  return (
    <Quantity
      label="Idle seats"
      value={isIdleUnknown(row) ? null : row.idleUnits}
      subject="activity"
      reason={row.unavailable.activity}
      href={licenseLinks(row).opportunities}
      fixHref={licenseLinks(row).connection}
      retired={row.status === "retired"}
    />
  );
}

function Exposure({ row }: { readonly row: LicenseItem }) {
  if (row.status === "retired" || hasNoMoney(row)) return <NotApplicable />;
  if (isIdleMoneyUnknown(row)) {
    return (
      <Quantity
        label="Exposure a month"
        value={null}
        subject="activity"
        reason={row.unavailable.activity}
        fixHref={licenseLinks(row).connection}
      />
    );
  }
  if (row.exposure === null) return <MoneyText money={[]} />;
  return (
    <TextLink href={licenseLinks(row).opportunities} inherit c="inherit" prefetch={false}>
      <MoneyText money={[row.exposure]} />
    </TextLink>
  );
}

const NotApplicable = () => (
  <Text size="xs" c="dimmed">
    Not applicable
  </Text>
);
