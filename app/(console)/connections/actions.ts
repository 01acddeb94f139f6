"use server";
import { action } from "#lib/server/action";
import {
  disconnectConnection,
  disconnectConnectionInput,
} from "#lib/services/disconnect-connection";
import { pauseImports, pauseImportsInput } from "#lib/services/pause-imports";
import {
  removeRetiredLicenses,
  removeRetiredLicensesInput,
} from "#lib/services/remove-retired-licenses";
import { replaceCredential, replaceCredentialInput } from "#lib/services/replace-credential";
import { requestKeyPair, requestKeyPairInput } from "#lib/services/request-key-pair";
import { startImport, startImportInput } from "#lib/services/start-import";
import { startVerification, startVerificationInput } from "#lib/services/start-verification";
import { updateConnection, updateConnectionInput } from "#lib/services/update-connection";
import { updateSchedule, updateScheduleInput } from "#lib/services/update-schedule";
import { verifyKeyPair, verifyKeyPairInput } from "#lib/services/verify-key-pair";

export const startImportAction = action(startImportInput, startImport);
export const startVerificationAction = action(startVerificationInput, startVerification);
export const updateConnectionAction = action(updateConnectionInput, updateConnection);
export const disconnectConnectionAction = action(disconnectConnectionInput, disconnectConnection);
export const updateScheduleAction = action(updateScheduleInput, updateSchedule);
export const pauseImportsAction = action(pauseImportsInput, pauseImports);
export const replaceCredentialAction = action(replaceCredentialInput, replaceCredential);
export const requestKeyPairAction = action(requestKeyPairInput, requestKeyPair);
export const verifyKeyPairAction = action(verifyKeyPairInput, verifyKeyPair);
export const removeRetiredLicensesAction = action(
  removeRetiredLicensesInput,
  removeRetiredLicenses,
);
