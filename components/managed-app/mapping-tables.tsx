"use client";
import { Stack, Text, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import {
  type AppLicenseItem,
  candidatesText,
  type HeldSkuItem,
  type MappedBy,
  type Product,
  resolutionText,
} from "#lib/domain/sku-mapping";
import { StatusBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatNumber } from "../ui/format.ts";
import { MapProduct, type MappingCommands, type ProductChoice } from "./map-product.tsx";

interface MappingTableProps<Item> {
  readonly connectionId: string;
  readonly rows: readonly Item[];
  readonly choice: ProductChoice;
  /** Null for those who may not map. */
  readonly commands: MappingCommands | null;
}

/** The licenses of a managed application and what each stands for. */
export function AppLicensesTable(props: MappingTableProps<AppLicenseItem>) {
  const { connectionId, choice, commands } = props;
  return (
    <DataTable
      label="Licenses of the application"
      rows={props.rows}
      rowId={(row) => row.externalId}
      minWidth={720}
      stacks
      columns={[
        {
          accessor: "externalId",
          title: "License",
          render: (row) => <Named name={row.name} id={row.externalId} />,
        },
        {
          accessor: "entitled",
          title: "Entitled today",
          textAlign: "right",
          render: (row) => <Entitled {...row} />,
        },
        {
          accessor: "product",
          title: "Stands for",
          render: (row) => (
            <StandsFor {...row} why={row.listed ? resolutionText(row.resolution) : notListed} />
          ),
        },
        ...actionColumn(commands, (row: AppLicenseItem, given) => (
          <MapProduct
            name={{
              connectionId,
              kind: "license",
              externalId: row.externalId,
              shownName: row.name ?? row.externalId,
              mapped: row.mapped,
              settled: row.product !== null || row.mapped !== null,
            }}
            choice={withCandidates(choice, row.candidates)}
            commands={given}
          />
        )),
      ]}
      empty={
        <EmptyState order={3} title="No license listed">
          SaaS Management lists no license of this application, so what people may use is unknown.
          Enter its licenses there, then import again.
        </EmptyState>
      }
    />
  );
}

/** Units of the terms in force; where they are unknown the reason is a hover or a focus away. */
function Entitled({ entitled, entitledUnknown }: AppLicenseItem) {
  if (entitled !== null) return formatNumber(entitled);
  const why = entitledUnknown ?? "The application no longer lists this license.";
  return (
    <Tooltip label={why} multiline maw={320}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be readable by keyboard */}
      <span className="unknown-figure" tabIndex={0} role="img" aria-label={`Unknown. ${why}`}>
        –
      </span>
    </Tooltip>
  );
}

/** A product is offered once: those the license could stand for come first. */
function withCandidates(
  { held, others }: ProductChoice,
  candidates: readonly Product[],
): ProductChoice {
  const first = new Set(candidates.map(({ skuId }) => skuId));
  const rest = (products: readonly Product[]) => products.filter(({ skuId }) => !first.has(skuId));
  return { candidates, held: rest(held), others: rest(others) };
}

const notListed = "The application no longer lists it. Forget it to free the product for another.";

/** SKUs that people hold and no license stands for, or whose name was mapped. */
export function HeldSkusTable(props: MappingTableProps<HeldSkuItem>) {
  const { connectionId, choice, commands } = props;
  return (
    <DataTable
      label="SKUs without a license"
      rows={props.rows}
      rowId={(row) => row.name}
      minWidth={720}
      stacks
      columns={[
        {
          accessor: "name",
          title: "SKU",
          render: ({ name, product, mapped }) => (
            <Stack gap={0}>
              <Text size="sm" className="wrap-anywhere">
                <bdi>{name}</bdi>
              </Text>
              <Text size="xs" c="dimmed">
                {product !== null && mapped === null
                  ? "Microsoft’s id"
                  : "As the application writes it"}
              </Text>
            </Stack>
          ),
        },
        {
          accessor: "seats",
          title: "People who hold it",
          textAlign: "right",
          render: ({ seats }) =>
            seats === null ? "Counted under the product" : formatNumber(seats),
        },
        {
          accessor: "product",
          title: "Stands for",
          render: (row) => <StandsFor {...row} why={whyNamed(row)} />,
        },
        ...actionColumn(commands, (row: HeldSkuItem, given) =>
          row.product !== null && row.mapped === null ? null : (
            <MapProduct
              name={{
                connectionId,
                kind: "sku",
                externalId: row.name,
                shownName: row.name,
                mapped: row.mapped,
                settled: row.mapped !== null,
              }}
              choice={choice}
              commands={given}
            />
          ),
        ),
      ]}
      empty={
        <EmptyState order={3} title="None">
          Every SKU that people hold has a license.
        </EmptyState>
      }
    />
  );
}

const whyNamed = ({ product, mapped }: HeldSkuItem): string => {
  if (mapped !== null) return "Mapped by hand.";
  return product === null
    ? "Microsoft’s product table does not know this name. Choose the product it stands for."
    : "No license of the application stands for it: what people may use is unknown.";
};

const actionColumn = <Row,>(
  commands: MappingCommands | null,
  render: (row: Row, commands: MappingCommands) => ReactNode,
): readonly Column<Row>[] =>
  commands === null
    ? []
    : [{ accessor: "action", title: "Decide", render: (row) => render(row, commands) }];

function Named({ name, id }: { readonly name: string | null; readonly id: string }) {
  return (
    <Stack gap={0}>
      {name !== null && (
        <Text size="sm">
          <bdi>{name}</bdi>
        </Text>
      )}
      <Text size="xs" c="dimmed" className="wrap-anywhere">
        <bdi>{id}</bdi>
      </Text>
    </Stack>
  );
}

function StandsFor(props: {
  readonly product: Product | null;
  readonly mapped: MappedBy | null;
  readonly candidates?: readonly Product[];
  readonly pending: boolean;
  readonly why: string;
}) {
  const { product, mapped, pending, candidates = [] } = props;
  return (
    <Stack gap={2} align="flex-start" maw={360}>
      {product === null ? (
        <StatusBadge label="Not known" tone="warn" />
      ) : (
        <Text size="sm">
          {product.name}
          {product.partNumber !== null && (
            <Text span size="xs" c="dimmed">
              {" "}
              {product.partNumber}
            </Text>
          )}
        </Text>
      )}
      {pending ? (
        <Text size="sm">
          {mapped === null
            ? "Forgotten: from the next import on it is looked up again."
            : `From the next import on: ${mapped.product.name}.`}
        </Text>
      ) : (
        <Text size="xs" c="dimmed">
          {props.why} {candidatesText(candidates.map(({ name }) => name))}
        </Text>
      )}
      {mapped !== null && (
        <Text size="xs" c="dimmed">
          By <bdi>{mapped.by}</bdi> <Instant at={mapped.at} />
          {mapped.takenOver && ", taken over"}
        </Text>
      )}
    </Stack>
  );
}
