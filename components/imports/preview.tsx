"use client";
import type { ImportItem } from "#lib/domain/import-item";
import { Quantity } from "../quantity.tsx";
import { type Column, DataTable } from "../ui/data-table.tsx";

type Product = ImportItem["preview"][number];

/** The products as soon as they are read. None of it is published, and no other page shows it. */
export function Preview({ products }: { readonly products: readonly Product[] }) {
  return (
    <DataTable
      label="Products read, not yet published"
      rows={products}
      rowId={(row) => row.skuId}
      columns={columns}
      empty={null}
      minWidth={420}
      stacks
    />
  );
}

const columns: readonly Column<Product>[] = [
  { accessor: "productName", title: "Product" },
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
