import { cancelImport, cancelImportInput } from "#lib/services/cancel-import";
import { discardImport, discardImportInput } from "#lib/services/discard-import";
import { getImport, getImportInput } from "#lib/services/get-import";
import { listImportChanges, listImportChangesInput } from "#lib/services/list-import-changes";
import { listImports, listImportsInput } from "#lib/services/list-imports";
import { publishImport, publishImportInput } from "#lib/services/publish-import";
import { startImport, startImportInput } from "#lib/services/start-import";
import { type Endpoint, endpoint } from "./endpoint.ts";
import * as changes from "./schemas-changes.ts";
import * as connections from "./schemas-connections.ts";
import * as licenses from "./schemas-licenses.ts";
import { pageOf, toWireImport } from "./wire.ts";

/** Imports: asked for, followed, decided. */
export const importEndpoints = {
  startImport: endpoint({
    id: "startImport",
    method: "POST",
    path: "/connections/{id}/imports",
    summary: "Import now; while one is reading the directory, that one is the answer",
    input: startImportInput,
    idField: "connectionId",
    idempotencyField: "idempotencyKey",
    fixed: { trigger: "api" },
    verb: startImport,
    status: 202,
    output: connections.idSchema,
  }),
  listImports: endpoint({
    id: "listImports",
    method: "GET",
    path: "/imports",
    summary: "Imports, newest first",
    input: listImportsInput,
    verb: listImports,
    output: licenses.page(connections.importSchema),
    present: pageOf(toWireImport),
  }),
  getImport: endpoint({
    id: "getImport",
    method: "GET",
    path: "/imports/{id}",
    summary: "One import with its datasets and streams",
    input: getImportInput,
    idField: "importId",
    verb: getImport,
    output: connections.importSchema,
    present: toWireImport,
  }),
  cancelImport: endpoint({
    id: "cancelImport",
    method: "POST",
    path: "/imports/{id}/cancel",
    summary: "Cancel an import's active datasets, or one of them",
    input: cancelImportInput,
    idField: "importId",
    verb: cancelImport,
    output: connections.decidedSchema,
  }),
  publishImport: endpoint({
    id: "publishImport",
    method: "POST",
    path: "/imports/{id}/publish",
    summary: "Publish what an import holds",
    input: publishImportInput,
    idField: "importId",
    verb: publishImport,
    output: connections.decidedSchema,
  }),
  discardImport: endpoint({
    id: "discardImport",
    method: "POST",
    path: "/imports/{id}/discard",
    summary: "Discard what an import holds",
    input: discardImportInput,
    idField: "importId",
    verb: discardImport,
    output: connections.decidedSchema,
  }),
  listImportChanges: endpoint({
    id: "listImportChanges",
    method: "GET",
    path: "/imports/{id}/changes",
    summary: "What an import changed when its directory was published, by kind and license",
    input: listImportChangesInput,
    idField: "importId",
    verb: listImportChanges,
    output: changes.importChangesSchema,
  }),
} as const satisfies Record<string, Endpoint>;
