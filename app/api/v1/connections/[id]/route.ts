import { api } from "#lib/server/api";
import { connectionEndpoints } from "#lib/server/connection-endpoints";

export const GET = api(connectionEndpoints.getConnection);
export const PATCH = api(connectionEndpoints.updateConnection);
export const DELETE = api(connectionEndpoints.disconnectConnection);
