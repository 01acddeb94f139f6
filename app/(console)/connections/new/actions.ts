"use server";
import { action } from "#lib/server/action";
import { enterCredential, enterCredentialInput } from "#lib/services/enter-credential";
import { moveTenantHere, moveTenantHereInput } from "#lib/services/move-tenant-here";
import { startConsentInput } from "#lib/services/start-consent";
import { beginConsent } from "./begin-consent.ts";
import { saveTenant, saveTenantInput } from "./save-tenant.ts";

export const saveTenantAction = action(saveTenantInput, saveTenant);
export const enterCredentialAction = action(enterCredentialInput, enterCredential);
export const moveTenantAction = action(moveTenantHereInput, moveTenantHere);
export const startConsentAction = action(startConsentInput, beginConsent);
