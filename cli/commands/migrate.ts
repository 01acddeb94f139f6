import { z } from "zod";
import { migrateDatabase } from "#db/migrate";
import { defineCommand } from "../command.ts";
import { noOperands } from "../options.ts";
import { withOwnerDatabase } from "../owner-database.ts";

/** Brings the database up to date: tables, row-level security, queue, reference data. Repeatable. */
export const migrateCommand = defineCommand({
  words: "migrate",
  usage: "",
  summary: "bring the database up to date",
  options: {},
  input: z.object({ operands: noOperands }),
  run: (_, print) =>
    withOwnerDatabase(async (_db, ownerUrl) => {
      await migrateDatabase(ownerUrl);
      print("The database is up to date.");
    }),
});
