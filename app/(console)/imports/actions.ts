"use server";
import { action } from "#lib/server/action";
import { cancelImport, cancelImportInput } from "#lib/services/cancel-import";
import { discardImport, discardImportInput } from "#lib/services/discard-import";
import { publishImport, publishImportInput } from "#lib/services/publish-import";

export const cancelImportAction = action(cancelImportInput, cancelImport);
export const publishImportAction = action(publishImportInput, publishImport);
export const discardImportAction = action(discardImportInput, discardImport);
