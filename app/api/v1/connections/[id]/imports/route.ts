import { api } from "#lib/server/api";
import { importEndpoints } from "#lib/server/import-endpoints";

export const POST = api(importEndpoints.startImport);
