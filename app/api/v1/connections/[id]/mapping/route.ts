import { api } from "#lib/server/api";
import { endpoints } from "#lib/server/endpoints";

export const GET = api(endpoints.getSkuMapping);
export const PUT = api(endpoints.mapSku);
export const DELETE = api(endpoints.unmapSku);
