import { cache } from "react";
import { loadOne } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { getImport } from "#lib/services/get-import";

/** The import the address names, looked up once per request; an unknown one ends on the not-found page. */
export const findImport = cache(async (importId: string) => {
  const { ctx } = await requireContext();
  return loadOne(getImport(ctx, { importId }));
});
