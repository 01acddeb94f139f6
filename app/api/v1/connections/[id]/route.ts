import { api } from "#lib/server/api";
import { endpoints } from "#lib/server/endpoints";

export const GET = api(endpoints.getConnection);
export const PATCH = api(endpoints.updateConnection);
export const DELETE = api(endpoints.disconnectConnection);
