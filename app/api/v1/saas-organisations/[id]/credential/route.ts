import { api } from "#lib/server/api";
import { organisationEndpoints } from "#lib/server/organisation-endpoints";

export const PUT = api(organisationEndpoints.replaceOrganisationCredential);
