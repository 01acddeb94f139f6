import { cache } from "react";
import { loadOne } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { getConnection } from "#lib/services/get-connection";

/** The connection the address names, looked up once per request; an unknown one ends on the not-found page. */
export const findConnection = cache(async (connectionId: string) => {
  const { ctx } = await requireContext();
  return loadOne(getConnection(ctx, { connectionId }));
});
