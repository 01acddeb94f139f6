"use client";
import { Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { isPackageMoving, type PackageItem } from "#lib/domain/package-item";
import { packageKindLabels, packageStateLabels } from "#lib/domain/package-text";
import { usePackages } from "../queries.ts";
import { ImportBadge, StatusBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { countOf, formatUtc } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import type { Tone } from "../words.ts";

/** What was uploaded to a connection, newest first, live while something moves. */
export function PackagesTable(props: {
  readonly connectionId: string;
  readonly initial: readonly PackageItem[];
}) {
  const { data: items } = usePackages(props.connectionId, props.initial);
  useRefreshWhenSettled(items);
  return (
    <DataTable
      label="Packages"
      rows={items}
      rowId={(row) => row.id}
      columns={columns}
      minWidth={560}
      stacks
      empty={
        <EmptyState order={3} title="No package yet">
          The first one that is sound makes this connection ready and starts the first import.
        </EmptyState>
      }
    />
  );
}

/** The rest of the page shows what an import published. */
function useRefreshWhenSettled(items: readonly PackageItem[]): void {
  const router = useRouter();
  const moving = items.filter(isPackageMoving).length;
  const imported = items.filter(({ importId }) => importId !== null).length;
  const before = useRef({ moving, imported });
  useEffect(() => {
    const was = before.current;
    before.current = { moving, imported };
    if (moving < was.moving || imported > was.imported) router.refresh();
  }, [moving, imported, router]);
}

const columns: readonly Column<PackageItem>[] = [
  {
    accessor: "createdAt",
    title: "Received",
    render: (row) => (
      <Stack gap={0}>
        <Instant at={row.createdAt} />
        <Text size="xs" c="dimmed">
          {row.byToken ? "token " : ""}
          <bdi>{row.uploadedBy}</bdi>
        </Text>
      </Stack>
    ),
  },
  {
    accessor: "fileName",
    title: "File",
    render: (row) => (
      <Stack gap={0}>
        <Text size="sm" className="wrap-anywhere">
          <bdi>{row.fileName}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          {packageKindLabels[row.kind]}
        </Text>
      </Stack>
    ),
  },
  {
    accessor: "collectedAt",
    title: "Collected",
    render: (row) =>
      row.collectedAt === null ? (
        <Text size="sm" c="dimmed">
          Not known yet
        </Text>
      ) : (
        <Text size="sm">{formatUtc(row.collectedAt)}</Text>
      ),
  },
  { accessor: "users", title: "Rows", render: (row) => rowsOf(row) },
  { accessor: "state", title: "State", render: (row) => <State item={row} /> },
];

const rowsOf = ({ skus, users }: PackageItem): string =>
  skus === null || users === null
    ? "Not counted"
    : `${countOf(skus, "SKU")}, ${countOf(users, "account")}`;

function State({ item }: { readonly item: PackageItem }) {
  const { importId, importState, fault } = item;
  return (
    <Stack gap={4} align="flex-start">
      {importState === null ? (
        <StatusBadge label={packageStateLabels[item.state]} tone={toneOf(item)} />
      ) : (
        <ImportBadge state={importState} />
      )}
      {importId !== null && (
        <TextLink href={`/imports/${importId}`} size="sm" prefetch={false}>
          Its import
        </TextLink>
      )}
      {item.state === "unchanged" && (
        <Text size="sm">The same package was imported before; nothing was changed.</Text>
      )}
      {fault !== null && (
        <Text size="sm" maw={340} className="wrap-anywhere" style={{ whiteSpace: "normal" }}>
          {fault.what} {fault.action}
        </Text>
      )}
    </Stack>
  );
}

const toneOf = ({ state }: PackageItem): Tone => {
  switch (state) {
    case "refused":
      return "risk";
    case "cancelled":
      return "quiet";
    case "unchanged":
      return "ok";
    case "receiving":
    case "received":
    case "waiting":
    case "importing":
      return "info";
    default:
      return state satisfies never;
  }
};
