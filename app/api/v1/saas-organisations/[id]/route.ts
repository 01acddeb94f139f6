import { api } from "#lib/server/api";
import { organisationEndpoints } from "#lib/server/organisation-endpoints";

export const GET = api(organisationEndpoints.getOrganisation);
export const PATCH = api(organisationEndpoints.renameOrganisation);
export const DELETE = api(organisationEndpoints.removeOrganisation);
