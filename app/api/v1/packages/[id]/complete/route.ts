import { uploadApi } from "#lib/server/api";
import { uploadEndpoints } from "#lib/server/upload-endpoints";

export const POST = uploadApi(uploadEndpoints.completePackage);
