import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ProductTableError, parseProductTable } from "./product-table.ts";

const shipped = readFileSync(
  join(import.meta.dirname, "..", "data", "microsoft-license-products.csv"),
);
const header =
  "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names";
const sku = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const plan = "43de0ff5-c92c-492b-9116-175376d08c38";
const parseText = (text: string) => parseProductTable(new TextEncoder().encode(text));

test("reads the shipped copy in full", () => {
  const table = parseProductTable(shipped);
  expect(table.products).toHaveLength(620);
  expect(table.servicePlans).toHaveLength(796);
  expect(table.pairs).toHaveLength(5971);
  expect(table.skippedRows).toBe(0);
  expect(table.products.find((product) => product.skuId === sku)).toEqual({
    skuId: sku,
    partNumber: "SPE_E3",
    displayName: "Microsoft 365 E3",
  });
});

test("Microsoft's raw file gives the same table", () => {
  const raw = shipped
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) =>
      index === 0
        ? line
        : line.replace(
            /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
            (id) => ` \t${id.toUpperCase()}\u00a0`,
          ),
    )
    .flatMap((line, index) => (index % 7 === 1 ? [line, line] : [line]));
  const table = parseText(`\ufeff${raw.join("\r\n")}\r\n`);
  const ids = (of: ReturnType<typeof parseProductTable>) => ({
    products: of.products.map((product) => product.skuId),
    plans: of.servicePlans.map((servicePlan) => servicePlan.servicePlanId),
    pairs: of.pairs,
  });
  expect(ids(table)).toEqual(ids(parseProductTable(shipped)));
});

test("columns are found by name, in any order, among others", () => {
  const [first, ...others] = header.split(",");
  const table = parseText(
    [
      [...others, "New_Column", first].join(","),
      `SPE_E3,${sku},OFFICE,${plan},Apps,x,Microsoft 365 E3`,
    ].join("\n"),
  );
  expect(table.products[0]?.displayName).toBe("Microsoft 365 E3");
});

test("several names of one id: the most frequent wins; rows without ids are counted", () => {
  const row = (name: string, planId: string) => `${name},SKU,${sku},P,${planId},Plan`;
  const other = plan.replace("4", "5");
  const third = plan.replace("4", "6");
  const table = parseText(
    [header, row("Old", plan), row("New", other), row("New", third), row("New", "none")].join("\n"),
  );
  expect(table.products).toEqual([{ skuId: sku, partNumber: "SKU", displayName: "New" }]);
  expect(table.skippedRows).toBe(1);
});

test.each([
  ["another file", new TextEncoder().encode("a,b\n1,2\n")],
  ["an empty file", new Uint8Array()],
  ["only a header", new TextEncoder().encode(header)],
  ["no text", new Uint8Array([0xff, 0xfe, 0x00, 0x41])],
])("refuses %s", (_, file) => {
  expect(() => parseProductTable(file)).toThrow(ProductTableError);
});
