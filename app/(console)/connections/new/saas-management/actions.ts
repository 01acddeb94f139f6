"use server";
import { action } from "#lib/server/action";
import { createOrganisation, createOrganisationInput } from "#lib/services/create-organisation";
import {
  createSaasConnection,
  createSaasConnectionInput,
} from "#lib/services/create-saas-connection";
import { enterOrganisation, enterOrganisationInput } from "#lib/services/enter-organisation";
import { removeOrganisation, removeOrganisationInput } from "#lib/services/remove-organisation";
import { renameOrganisation, renameOrganisationInput } from "#lib/services/rename-organisation";
import {
  replaceOrganisationCredential,
  replaceOrganisationCredentialInput,
} from "#lib/services/replace-organisation-credential";
import {
  startOrganisationCheck,
  startOrganisationCheckInput,
} from "#lib/services/start-organisation-check";

export const createOrganisationAction = action(createOrganisationInput, createOrganisation);
export const enterOrganisationAction = action(enterOrganisationInput, enterOrganisation);
export const createSaasConnectionAction = action(createSaasConnectionInput, createSaasConnection);
export const replaceOrganisationCredentialAction = action(
  replaceOrganisationCredentialInput,
  replaceOrganisationCredential,
);
export const startOrganisationCheckAction = action(
  startOrganisationCheckInput,
  startOrganisationCheck,
);
export const removeOrganisationAction = action(removeOrganisationInput, removeOrganisation);
export const renameOrganisationAction = action(renameOrganisationInput, renameOrganisation);
