"use server";
import { action } from "#lib/server/action";
import { startConsentInput } from "#lib/services/start-consent";
import { beginConsent } from "./begin-consent.ts";
import { saveTenant, saveTenantInput } from "./save-tenant.ts";

export const saveTenantAction = action(saveTenantInput, saveTenant);
export const startConsentAction = action(startConsentInput, beginConsent);
