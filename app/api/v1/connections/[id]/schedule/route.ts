import { api } from "#lib/server/api";
import { connectionEndpoints } from "#lib/server/connection-endpoints";

export const GET = api(connectionEndpoints.getSchedule);
export const PUT = api(connectionEndpoints.updateSchedule);
