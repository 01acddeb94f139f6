"use server";
import { action } from "#lib/server/action";
import {
  enterCredentialExpiry,
  enterCredentialExpiryInput,
} from "#lib/services/enter-credential-expiry";
import {
  enterOrganisationExpiry,
  enterOrganisationExpiryInput,
} from "#lib/services/enter-organisation-expiry";

export const enterCredentialExpiryAction = action(
  enterCredentialExpiryInput,
  enterCredentialExpiry,
);

export const enterOrganisationExpiryAction = action(
  enterOrganisationExpiryInput,
  enterOrganisationExpiry,
);
