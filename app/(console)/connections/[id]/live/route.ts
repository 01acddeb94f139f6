import { liveRoute } from "#lib/server/live-route";
import { getConnectProgress } from "#lib/services/get-connect-progress";

/** How far the consent has come, for the page that waits for an administrator. */
export const GET = liveRoute((ctx, connectionId) => getConnectProgress(ctx, { connectionId }));
