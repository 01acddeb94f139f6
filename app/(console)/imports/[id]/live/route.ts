import { liveRoute } from "#lib/server/live-route";
import { getImport } from "#lib/services/get-import";

/** The import as it is now, for the page that watches it. */
export const GET = liveRoute((ctx, importId) => getImport(ctx, { importId }));
