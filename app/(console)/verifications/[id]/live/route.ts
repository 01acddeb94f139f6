import { liveRoute } from "#lib/server/live-route";
import { getVerification } from "#lib/services/get-verification";

/** The verification as it is now, for the page that watches it. */
export const GET = liveRoute((ctx, verificationId) => getVerification(ctx, { verificationId }));
