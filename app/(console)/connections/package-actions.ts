"use server";
import { action } from "#lib/server/action";
import { beginPackage, beginPackageInput } from "#lib/services/begin-package";
import { cancelPackage, cancelPackageInput } from "#lib/services/cancel-package";
import { completePackage, completePackageInput } from "#lib/services/complete-package";
import {
  createPackageConnection,
  createPackageConnectionInput,
} from "#lib/services/create-package-connection";
import { createUploadToken, createUploadTokenInput } from "#lib/services/create-upload-token";
import { revokeUploadToken, revokeUploadTokenInput } from "#lib/services/revoke-upload-token";

export const createPackageConnectionAction = action(
  createPackageConnectionInput,
  createPackageConnection,
);
export const beginPackageAction = action(beginPackageInput, beginPackage);
export const completePackageAction = action(completePackageInput, completePackage);
export const cancelPackageAction = action(cancelPackageInput, cancelPackage);
export const createUploadTokenAction = action(createUploadTokenInput, createUploadToken);
export const revokeUploadTokenAction = action(revokeUploadTokenInput, revokeUploadToken);
