"use server";
import { action } from "#lib/server/action";
import { createHandOff, createHandOffInput } from "#lib/services/create-hand-off";
import { enterCredential, enterCredentialInput } from "#lib/services/enter-credential";
import { moveTenantHere, moveTenantHereInput } from "#lib/services/move-tenant-here";
import { revokeHandOff, revokeHandOffInput } from "#lib/services/revoke-hand-off";
import { startConsentInput } from "#lib/services/start-consent";
import { beginConsent } from "./begin-consent.ts";
import { saveTenant, saveTenantInput } from "./save-tenant.ts";

export const saveTenantAction = action(saveTenantInput, saveTenant);
export const enterCredentialAction = action(enterCredentialInput, enterCredential);
export const moveTenantAction = action(moveTenantHereInput, moveTenantHere);
export const startConsentAction = action(startConsentInput, beginConsent);
export const createHandOffAction = action(createHandOffInput, createHandOff);
export const revokeHandOffAction = action(revokeHandOffInput, revokeHandOff);
