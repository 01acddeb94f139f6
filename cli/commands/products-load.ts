import { readFile } from "node:fs/promises";
import { z } from "zod";
import { openOwner } from "#db/owner";
import { loadProducts } from "#db/reference/load-products";
import { ProductTableError, parseProductTable } from "#db/reference/product-table";
import { CommandError, defineCommand } from "../command.ts";
import { withOwnerDatabase } from "../owner-database.ts";

/** Loads a newer copy of Microsoft's product table. */
export const productsLoadCommand = defineCommand({
  words: "products load",
  usage: "<file> --revision <YYYY-MM-DD>",
  summary: "load a newer copy of Microsoft's product table (CSV)",
  options: { revision: { type: "string" } },
  input: z.object({
    revision: z.iso.date("must be the date of Microsoft's revision, YYYY-MM-DD"),
    operands: z.tuple([z.string()], "one file is needed"),
  }),
  async run({ revision, operands: [file] }, print) {
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new CommandError(`${file} cannot be read.`, { cause });
    });
    const table = readTable(bytes);
    await withOwnerDatabase(async (_, ownerUrl) => {
      const sql = openOwner(ownerUrl);
      try {
        const result = await loadProducts(sql, table, revision);
        if (!result.loaded) {
          throw new CommandError(`Revision ${result.revision} is in use, which is not older.`);
        }
      } finally {
        await sql.end({ timeout: 5 });
      }
    });
    print(`${table.products.length} products of revision ${revision} were loaded.`);
    if (table.skippedRows > 0) print(`${table.skippedRows} rows without a valid id were left out.`);
  },
});

function readTable(bytes: Uint8Array) {
  try {
    return parseProductTable(bytes);
  } catch (error) {
    if (error instanceof ProductTableError) throw new CommandError(error.message, { cause: error });
    throw error;
  }
}
