import { DatabaseRoleError } from "#db/client";
import { EnvironmentError } from "#lib/env/parse";
import { isDatabaseFault } from "#lib/services/database-fault";
import { SchemaMismatchError } from "./schema-check.ts";

/** Why the worker could not start, in words for its operator; null for an error only the log can tell. No values. */
export function startProblem(error: unknown): string | null {
  if (
    error instanceof EnvironmentError ||
    error instanceof DatabaseRoleError ||
    error instanceof SchemaMismatchError
  ) {
    return error.message;
  }
  if (isDatabaseFault(error)) return "The database cannot be reached.";
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "28P01" || code === "28000") return "The database refused the worker's login.";
  if (code === "3D000") return "The database named in DATABASE_URL does not exist.";
  if (code === "42P01" || code === "42883" || code === "3F000") {
    return "The database is not up to date: run `npm run seatledger -- migrate`.";
  }
  return null;
}
