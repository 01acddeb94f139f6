import { api, uploadApi } from "#lib/server/api";
import { endpoints } from "#lib/server/endpoints";
import { uploadEndpoints } from "#lib/server/upload-endpoints";

export const GET = api(endpoints.listPackages);
export const POST = uploadApi(uploadEndpoints.beginPackage);
