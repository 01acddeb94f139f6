import { api } from "#lib/server/api";
import { endpoints } from "#lib/server/endpoints";

export const POST = api(endpoints.startParallelRun);
