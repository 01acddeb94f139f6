import { uploadApi } from "#lib/server/api";
import { uploadEndpoints } from "#lib/server/upload-endpoints";

export const GET = uploadApi(uploadEndpoints.getPackage);
export const DELETE = uploadApi(uploadEndpoints.cancelPackage);
