import { liveList } from "#lib/server/live-route";
import { countAlerts } from "#lib/services/count-alerts";

/** How many alerts are new, for the bell. */
export const GET = liveList(countAlerts);
