import { openapiDocument } from "#lib/server/openapi";
import { apiHeaders } from "#lib/server/problem";

export const GET = (): Response =>
  Response.json(openapiDocument(), { headers: { ...apiHeaders, "cache-control": "no-store" } });
