import { liveRoute } from "#lib/server/live-route";
import { getKeyPair } from "#lib/services/get-key-pair";

/** The key pair as it is now, for the page that waits for it. */
export const GET = liveRoute((ctx, connectionId) => getKeyPair(ctx, { connectionId }));
