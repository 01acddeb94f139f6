import { api } from "#lib/server/api";
import { connectionEndpoints } from "#lib/server/connection-endpoints";

export const GET = api(connectionEndpoints.listConnections);
export const POST = api(connectionEndpoints.createConnection);
