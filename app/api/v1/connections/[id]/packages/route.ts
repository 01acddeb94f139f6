import { api, uploadApi } from "#lib/server/api";
import { connectionEndpoints } from "#lib/server/connection-endpoints";
import { uploadEndpoints } from "#lib/server/upload-endpoints";

export const GET = api(connectionEndpoints.listPackages);
export const POST = uploadApi(uploadEndpoints.beginPackage);
