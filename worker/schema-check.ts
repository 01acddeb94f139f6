import type { Database } from "#db/client";
import { findSchemaState, type SchemaState } from "#db/queries/schema-version";

/** The database is not the one this worker was built for. Its message is for the operator and holds no value. */
export class SchemaMismatchError extends Error {
  override readonly name = "SchemaMismatchError";
}

const problems: Readonly<Record<Exclude<SchemaState, "current">, string>> = {
  behind: "The database is not up to date: run `npm run seatledger -- migrate`.",
  ahead: "The database was migrated by a newer version: start the worker of that version.",
};

/**
 * An old worker on a newer schema, or the reverse, could publish figures that do not fit together: it works on the
 * schema it was built for and on no other. Source: reference/fault-catalogue.md A18. @throws SchemaMismatchError
 */
export async function requireCurrentSchema(db: Pick<Database, "outside">): Promise<void> {
  const state = await db.outside(findSchemaState);
  if (state !== "current") throw new SchemaMismatchError(problems[state]);
}
