import { liveRoute } from "#lib/server/live-route";
import { listPackages } from "#lib/services/list-packages";

/** The connection's uploads as they are now, for the page that watches them. */
export const GET = liveRoute((ctx, connectionId) => listPackages(ctx, { connectionId }));
