"use server";
import { action } from "#lib/server/action";
import {
  enterCredentialExpiry,
  enterCredentialExpiryInput,
} from "#lib/services/enter-credential-expiry";

export const enterCredentialExpiryAction = action(
  enterCredentialExpiryInput,
  enterCredentialExpiry,
);
