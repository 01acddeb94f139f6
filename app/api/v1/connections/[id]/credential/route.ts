import { api } from "#lib/server/api";
import { connectionEndpoints } from "#lib/server/connection-endpoints";

export const PUT = api(connectionEndpoints.replaceCredential);
