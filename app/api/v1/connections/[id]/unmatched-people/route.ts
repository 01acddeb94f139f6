import { api } from "#lib/server/api";
import { endpoints } from "#lib/server/endpoints";

export const GET = api(endpoints.listUnmatchedPeople);
