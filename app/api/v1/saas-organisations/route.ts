import { api } from "#lib/server/api";
import { organisationEndpoints } from "#lib/server/organisation-endpoints";

export const GET = api(organisationEndpoints.listOrganisations);
export const POST = api(organisationEndpoints.createOrganisation);
