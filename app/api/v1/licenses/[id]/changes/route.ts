import { api } from "#lib/server/api";
import { licenseEndpoints } from "#lib/server/license-endpoints";

export const GET = api(licenseEndpoints.listLicenseChanges);
