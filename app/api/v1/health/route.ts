import { apiHeaders } from "#lib/server/problem";

/** Alive: needs neither token nor database. */
export const GET = (): Response => Response.json({ status: "ok" }, { headers: apiHeaders });
