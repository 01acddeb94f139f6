import { beginPackage, beginPackageInput } from "#lib/services/begin-package";
import { cancelPackage, cancelPackageInput } from "#lib/services/cancel-package";
import { completePackage, completePackageInput } from "#lib/services/complete-package";
import { getPackage, getPackageInput } from "#lib/services/get-package";
import { begunPackageSchema, packageSchema } from "./schemas-packages.ts";
import { type UploadEndpoint, uploadEndpoint } from "./upload-endpoint.ts";

/**
 * Uploads to the deprecated connector, for API tokens and upload tokens. Chunks go beside them, as bytes:
 * `PUT /packages/{id}/chunks/{no}`.
 */
export const uploadEndpoints = {
  beginPackage: uploadEndpoint({
    id: "beginPackage",
    method: "POST",
    path: "/connections/{id}/packages",
    summary: "Begin an upload to the deprecated connector; its chunks follow",
    input: beginPackageInput,
    idField: "connectionId",
    verb: beginPackage,
    status: 201,
    output: begunPackageSchema,
  }),
  completePackage: uploadEndpoint({
    id: "completePackage",
    method: "POST",
    path: "/packages/{id}/complete",
    summary: "Say that all chunks were sent; it is checked, then imported",
    input: completePackageInput,
    idField: "packageId",
    verb: completePackage,
    status: 202,
    output: packageSchema,
  }),
  getPackage: uploadEndpoint({
    id: "getPackage",
    method: "GET",
    path: "/packages/{id}",
    summary: "One upload: where it stands, the chunks that are there, why it was refused",
    input: getPackageInput,
    idField: "packageId",
    verb: getPackage,
    output: packageSchema,
  }),
  cancelPackage: uploadEndpoint({
    id: "cancelPackage",
    method: "DELETE",
    path: "/packages/{id}",
    summary: "Give up an upload that is arriving",
    input: cancelPackageInput,
    idField: "packageId",
    verb: cancelPackage,
    status: 204,
    output: null,
  }),
} as const satisfies Record<string, UploadEndpoint>;
