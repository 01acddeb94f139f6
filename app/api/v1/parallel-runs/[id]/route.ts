import { api } from "#lib/server/api";
import { endpoints } from "#lib/server/endpoints";

export const DELETE = api(endpoints.endParallelRun);
