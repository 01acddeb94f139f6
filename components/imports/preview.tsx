"use client";
import type { Source } from "#lib/domain/connection";
import type { ImportItem } from "#lib/domain/import-item";
import { Quantity } from "../quantity.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";

type Product = ImportItem["preview"][number];

/** The products as soon as they are read. None of it is published, and no other page shows it. */
export function Preview({
  products,
  source,
}: {
  readonly products: readonly Product[];
  readonly source: Source;
}) {
  return (
    <DataTable
      label="Products read, not yet published"
      rows={products}
      rowId={(row) => row.skuId}
      columns={source === "saas-management" ? [product] : [product, ...units]}
      empty={null}
      minWidth={source === "saas-management" ? 0 : 420}
      stacks
    />
  );
}

const product: Column<Product> = { accessor: "productName", title: "Product" };

/** SaaS Management's list tells neither: its units are in terms, its seats in the list of people. */
const units: readonly Column<Product>[] = [
  {
    accessor: "enabled",
    title: "Enabled",
    textAlign: "right",
    render: (row) => (
      <Quantity label="Enabled" value={row.enabled} subject="enabled" reason="not-reported" />
    ),
  },
  {
    accessor: "consumedUnits",
    title: "Consumed, by Microsoft",
    textAlign: "right",
    render: (row) => (
      <Quantity
        label="Consumed"
        value={row.consumedUnits}
        subject="reported"
        reason="not-reported"
      />
    ),
  },
];
