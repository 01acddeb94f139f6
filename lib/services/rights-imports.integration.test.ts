import { randomUUID } from "node:crypto";
import { beginPackage } from "./begin-package.ts";
import { cancelImport } from "./cancel-import.ts";
import { cancelPackage } from "./cancel-package.ts";
import { completePackage } from "./complete-package.ts";
import { createPackageConnection } from "./create-package-connection.ts";
import { createUploadToken } from "./create-upload-token.ts";
import { discardImport } from "./discard-import.ts";
import { getHeldComparison } from "./get-held-comparison.ts";
import { getImport } from "./get-import.ts";
import { getPackage } from "./get-package.ts";
import { getPackageArrival } from "./get-package-arrival.ts";
import { listImportChanges } from "./list-import-changes.ts";
import { listImports } from "./list-imports.ts";
import { listPackages } from "./list-packages.ts";
import { listUploadTokens } from "./list-upload-tokens.ts";
import { publishImport } from "./publish-import.ts";
import { putPackageChunk } from "./put-package-chunk.ts";
import { revokeUploadToken } from "./revoke-upload-token.ts";
import { startImport } from "./start-import.ts";
import { admins, analysts, describeRights, everybody, importers } from "./testing/rights.ts";

/** Who may do what with imports and packages. Source: DESIGN §2. */
describeRights([
  {
    name: "listImports",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listImports(ctx, { connectionId }),
  },
  {
    name: "getImport",
    allowed: everybody,
    names: "importId",
    call: (ctx, { importId }) => getImport(ctx, { importId }),
  },
  {
    name: "listImportChanges",
    allowed: everybody,
    names: "importId",
    call: (ctx, { importId }) => listImportChanges(ctx, { importId }),
  },
  {
    name: "getHeldComparison",
    allowed: everybody,
    names: "importId",
    call: (ctx, { importId }) => getHeldComparison(ctx, { importId }),
  },
  {
    name: "startImport",
    allowed: importers,
    names: "connectionId",
    call: (ctx, { connectionId }) => startImport(ctx, { connectionId, trigger: "manual" }),
  },
  {
    name: "cancelImport",
    allowed: admins,
    names: "importId",
    call: (ctx, { importId }) => cancelImport(ctx, { importId }),
  },
  {
    name: "publishImport",
    allowed: analysts,
    names: "importId",
    call: (ctx, { importId }) => publishImport(ctx, { importId }),
  },
  {
    name: "discardImport",
    allowed: analysts,
    names: "importId",
    call: (ctx, { importId }) => discardImport(ctx, { importId }),
  },
  {
    name: "createPackageConnection",
    allowed: admins,
    names: null,
    call: (ctx) => createPackageConnection(ctx, { name: "Packages", tenantId: randomUUID() }),
  },
  {
    name: "beginPackage",
    allowed: importers,
    names: "connectionId",
    call: (ctx, { connectionId }) =>
      beginPackage(ctx, { connectionId, fileName: "p.zip", bytes: 1 }),
  },
  {
    name: "putPackageChunk",
    allowed: importers,
    names: "packageId",
    call: (ctx, { packageId }) =>
      putPackageChunk(ctx, { packageId, no: 0, bytes: new Uint8Array(1) }),
  },
  {
    name: "completePackage",
    allowed: importers,
    names: "packageId",
    call: (ctx, { packageId }) => completePackage(ctx, { packageId }),
  },
  {
    name: "cancelPackage",
    allowed: importers,
    names: "packageId",
    call: (ctx, { packageId }) => cancelPackage(ctx, { packageId }),
  },
  {
    name: "getPackage",
    allowed: everybody,
    names: "packageId",
    call: (ctx, { packageId }) => getPackage(ctx, { packageId }),
  },
  {
    name: "getPackageArrival",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => getPackageArrival(ctx, { connectionId }),
  },
  {
    name: "listPackages",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listPackages(ctx, { connectionId }),
  },
  {
    name: "createUploadToken",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => createUploadToken(ctx, { connectionId, name: "T", days: 1 }),
  },
  {
    name: "listUploadTokens",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => listUploadTokens(ctx, { connectionId }),
  },
  {
    name: "revokeUploadToken",
    allowed: admins,
    names: "uploadTokenId",
    call: (ctx, { uploadTokenId }) => revokeUploadToken(ctx, { tokenId: uploadTokenId }),
  },
]);
