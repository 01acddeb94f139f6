"use server";
import { action } from "#lib/server/action";
import { acknowledgeAlert, acknowledgeAlertInput } from "#lib/services/acknowledge-alert";

export const acknowledgeAlertAction = action(acknowledgeAlertInput, acknowledgeAlert);
