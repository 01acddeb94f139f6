import { z } from "zod";
import { cancelImport, cancelImportInput } from "#lib/services/cancel-import";
import { connectTenant, connectTenantInput } from "#lib/services/connect-tenant";
import { createOrganisation, createOrganisationInput } from "#lib/services/create-organisation";
import { discardImport, discardImportInput } from "#lib/services/discard-import";
import {
  disconnectConnection,
  disconnectConnectionInput,
} from "#lib/services/disconnect-connection";
import { endParallelRun, endParallelRunInput } from "#lib/services/end-parallel-run";
import { getConnection, getConnectionInput } from "#lib/services/get-connection";
import { getImport, getImportInput } from "#lib/services/get-import";
import { getLicense, getLicenseInput } from "#lib/services/get-license";
import {
  getOpportunitySummary,
  getOpportunitySummaryInput,
} from "#lib/services/get-opportunity-summary";
import { getOrganisation, getOrganisationInput } from "#lib/services/get-organisation";
import { getSchedule, getScheduleInput } from "#lib/services/get-schedule";
import { getSkuMapping, getSkuMappingInput } from "#lib/services/get-sku-mapping";
import { getSwitchPreview, getSwitchPreviewInput } from "#lib/services/get-switch-preview";
import { getVerification, getVerificationInput } from "#lib/services/get-verification";
import { listAlerts, listAlertsInput } from "#lib/services/list-alerts";
import { listAssignments, listAssignmentsInput } from "#lib/services/list-assignments";
import { listConnections, listConnectionsInput } from "#lib/services/list-connections";
import { listImportChanges, listImportChangesInput } from "#lib/services/list-import-changes";
import { listImports, listImportsInput } from "#lib/services/list-imports";
import { listLicenseChanges, listLicenseChangesInput } from "#lib/services/list-license-changes";
import { listLicenses, listLicensesInput } from "#lib/services/list-licenses";
import { listOpportunities, listOpportunitiesInput } from "#lib/services/list-opportunities";
import { listOrganisations } from "#lib/services/list-organisations";
import { listPackages, listPackagesInput } from "#lib/services/list-packages";
import { listSubscriptions, listSubscriptionsInput } from "#lib/services/list-subscriptions";
import { listSwitches, listSwitchesInput } from "#lib/services/list-switches";
import { listUnmatchedPeople, listUnmatchedPeopleInput } from "#lib/services/list-unmatched-people";
import { listVerifications, listVerificationsInput } from "#lib/services/list-verifications";
import { mapSku, mapSkuInput } from "#lib/services/map-sku";
import { publishImport, publishImportInput } from "#lib/services/publish-import";
import { removeOrganisation, removeOrganisationInput } from "#lib/services/remove-organisation";
import { replaceCredential, replaceCredentialInput } from "#lib/services/replace-credential";
import {
  replaceOrganisationCredential,
  replaceOrganisationCredentialInput,
} from "#lib/services/replace-organisation-credential";
import { startImport, startImportInput } from "#lib/services/start-import";
import {
  startOrganisationCheck,
  startOrganisationCheckInput,
} from "#lib/services/start-organisation-check";
import { startParallelRun, startParallelRunInput } from "#lib/services/start-parallel-run";
import { startVerification, startVerificationInput } from "#lib/services/start-verification";
import { switchSource, switchSourceInput } from "#lib/services/switch-source";
import { undoSwitch, undoSwitchInput } from "#lib/services/undo-switch";
import { unmapSku, unmapSkuInput } from "#lib/services/unmap-sku";
import { updateConnection, updateConnectionInput } from "#lib/services/update-connection";
import { updateSchedule, updateScheduleInput } from "#lib/services/update-schedule";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { alertSchema } from "./schemas-alerts.ts";
import * as changes from "./schemas-changes.ts";
import * as connections from "./schemas-connections.ts";
import * as licenses from "./schemas-licenses.ts";
import * as managedApps from "./schemas-managed-apps.ts";
import * as organisations from "./schemas-organisations.ts";
import * as packages from "./schemas-packages.ts";
import * as switches from "./schemas-switches.ts";
import {
  pageOf,
  toWireConnection,
  toWireConnectionDetail,
  toWireImport,
  toWireOrganisation,
  toWireVerification,
} from "./wire.ts";

/** Every operation of /api/v1 that takes a token. Routes and the OpenAPI document are both made of it. DESIGN §6. */
export const endpoints = {
  listAlerts: endpoint({
    id: "listAlerts",
    method: "GET",
    path: "/alerts",
    summary: "What the workspace has to know of, open and most pressing first",
    input: listAlertsInput,
    verb: listAlerts,
    output: licenses.page(alertSchema),
  }),
  listConnections: endpoint({
    id: "listConnections",
    method: "GET",
    path: "/connections",
    summary: "Connections with their health",
    input: listConnectionsInput,
    verb: listConnections,
    output: licenses.page(connections.connectionSchema),
    present: pageOf(toWireConnection),
  }),
  createConnection: endpoint({
    id: "createConnection",
    method: "POST",
    path: "/connections",
    summary: "Connect a tenant by a registered app, for packages, or through SaaS Management",
    input: connectTenantInput,
    verb: connectTenant,
    status: 201,
    output: connections.createdConnectionSchema,
  }),
  getConnection: endpoint({
    id: "getConnection",
    method: "GET",
    path: "/connections/{id}",
    summary: "One connection",
    input: getConnectionInput,
    idField: "connectionId",
    verb: getConnection,
    output: connections.connectionDetailSchema,
    present: toWireConnectionDetail,
  }),
  updateConnection: endpoint({
    id: "updateConnection",
    method: "PATCH",
    path: "/connections/{id}",
    summary: "Rename a connection, or change one that is being made",
    input: updateConnectionInput,
    idField: "connectionId",
    verb: updateConnection,
    output: connections.connectionDetailSchema,
    present: toWireConnectionDetail,
  }),
  disconnectConnection: endpoint({
    id: "disconnectConnection",
    method: "DELETE",
    path: "/connections/{id}",
    summary: "Disconnect: secrets are erased, licenses retired, history kept",
    input: disconnectConnectionInput,
    idField: "connectionId",
    verb: disconnectConnection,
    status: 204,
    output: null,
  }),
  replaceCredential: endpoint({
    id: "replaceCredential",
    method: "PUT",
    path: "/connections/{id}/credential",
    summary: "Save a new credential; it is used once it is verified",
    input: replaceCredentialInput,
    idField: "connectionId",
    verb: replaceCredential,
    status: 202,
    output: connections.verificationIdSchema,
  }),
  getSchedule: endpoint({
    id: "getSchedule",
    method: "GET",
    path: "/connections/{id}/schedule",
    summary: "When a connection is imported by itself, the next run, and whether it is overdue",
    input: getScheduleInput,
    idField: "connectionId",
    verb: getSchedule,
    output: connections.scheduleSchema,
  }),
  updateSchedule: endpoint({
    id: "updateSchedule",
    method: "PUT",
    path: "/connections/{id}/schedule",
    summary: "Set when a connection is imported by itself, or pause it",
    input: updateScheduleInput,
    idField: "connectionId",
    verb: updateSchedule,
    output: connections.scheduleSchema,
  }),
  startVerification: endpoint({
    id: "startVerification",
    method: "POST",
    path: "/connections/{id}/verifications",
    summary: "Check a connection, permission by permission",
    input: startVerificationInput,
    idField: "connectionId",
    verb: startVerification,
    status: 202,
    output: connections.idSchema,
  }),
  listVerifications: endpoint({
    id: "listVerifications",
    method: "GET",
    path: "/connections/{id}/verifications",
    summary: "A connection's checks, newest first",
    input: listVerificationsInput,
    idField: "connectionId",
    verb: listVerifications,
    output: licenses.page(connections.verificationSchema),
    present: pageOf(toWireVerification),
  }),
  getVerification: endpoint({
    id: "getVerification",
    method: "GET",
    path: "/verifications/{id}",
    summary: "One check of a connection",
    input: getVerificationInput,
    idField: "verificationId",
    verb: getVerification,
    output: connections.verificationSchema,
    present: toWireVerification,
  }),
  listOrganisations: endpoint({
    id: "listOrganisations",
    method: "GET",
    path: "/saas-organisations",
    summary: "SaaS Management organisations with their Microsoft applications and who reads them",
    input: z.strictObject({}),
    verb: (ctx) => listOrganisations(ctx),
    output: organisations.organisationListSchema,
    present: (items) => ({ items: items.map(toWireOrganisation) }),
  }),
  createOrganisation: endpoint({
    id: "createOrganisation",
    method: "POST",
    path: "/saas-organisations",
    summary: "Enter a SaaS Management organisation; its credential is used once it is verified",
    input: createOrganisationInput,
    verb: createOrganisation,
    status: 201,
    output: organisations.createdOrganisationSchema,
  }),
  getOrganisation: endpoint({
    id: "getOrganisation",
    method: "GET",
    path: "/saas-organisations/{id}",
    summary: "One SaaS Management organisation",
    input: getOrganisationInput,
    idField: "organisationId",
    verb: getOrganisation,
    output: organisations.organisationSchema,
    present: toWireOrganisation,
  }),
  removeOrganisation: endpoint({
    id: "removeOrganisation",
    method: "DELETE",
    path: "/saas-organisations/{id}",
    summary: "Remove an organisation without connections; its credential is erased",
    input: removeOrganisationInput,
    idField: "organisationId",
    verb: removeOrganisation,
    status: 204,
    output: null,
  }),
  replaceOrganisationCredential: endpoint({
    id: "replaceOrganisationCredential",
    method: "PUT",
    path: "/saas-organisations/{id}/credential",
    summary: "Save an organisation's new credential; it is used once it is verified",
    input: replaceOrganisationCredentialInput,
    idField: "organisationId",
    verb: replaceOrganisationCredential,
    status: 202,
    output: organisations.checkIdSchema,
  }),
  startOrganisationCheck: endpoint({
    id: "startOrganisationCheck",
    method: "POST",
    path: "/saas-organisations/{id}/checks",
    summary: "Check an organisation's credential and list its applications anew",
    input: startOrganisationCheckInput,
    idField: "organisationId",
    verb: startOrganisationCheck,
    status: 202,
    output: connections.idSchema,
  }),
  listPackages: endpoint({
    id: "listPackages",
    method: "GET",
    path: "/connections/{id}/packages",
    summary: "What was uploaded to a connection of the deprecated connector, newest first",
    input: listPackagesInput,
    idField: "connectionId",
    verb: listPackages,
    output: packages.packageListSchema,
  }),
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
  listLicenses: endpoint({
    id: "listLicenses",
    method: "GET",
    path: "/licenses",
    summary: "Licenses with their reconciliation",
    input: listLicensesInput,
    verb: listLicenses,
    output: licenses.licensePageSchema,
  }),
  getLicense: endpoint({
    id: "getLicense",
    method: "GET",
    path: "/licenses/{id}",
    summary: "One license in full",
    input: getLicenseInput,
    idField: "licenseId",
    verb: getLicense,
    output: licenses.licenseDetailSchema,
  }),
  listAssignments: endpoint({
    id: "listAssignments",
    method: "GET",
    path: "/licenses/{id}/assignments",
    summary: "Who holds a license, with origin and activity",
    input: listAssignmentsInput,
    idField: "licenseId",
    verb: listAssignments,
    output: licenses.assignmentPageSchema,
  }),
  listLicenseChanges: endpoint({
    id: "listLicenseChanges",
    method: "GET",
    path: "/licenses/{id}/changes",
    summary: "What the imports of the last 400 days changed in a license, newest first",
    input: listLicenseChangesInput,
    idField: "licenseId",
    verb: listLicenseChanges,
    output: changes.licenseChangesSchema,
  }),
  listSubscriptions: endpoint({
    id: "listSubscriptions",
    method: "GET",
    path: "/licenses/{id}/subscriptions",
    summary: "The commercial subscriptions behind a license",
    input: listSubscriptionsInput,
    idField: "licenseId",
    verb: listSubscriptions,
    output: licenses.page(licenses.subscriptionSchema),
  }),
  listOpportunities: endpoint({
    id: "listOpportunities",
    method: "GET",
    path: "/opportunities",
    summary: "Reclaimable assignments and unassigned units",
    input: listOpportunitiesInput,
    verb: listOpportunities,
    output: licenses.figurePage(licenses.opportunitySchema),
  }),
  getOpportunitySummary: endpoint({
    id: "getOpportunitySummary",
    method: "GET",
    path: "/opportunities/summary",
    summary: "Opportunities by kind, and three money figures that are never added",
    input: getOpportunitySummaryInput,
    verb: getOpportunitySummary,
    output: licenses.opportunitySummarySchema,
  }),
  getSkuMapping: endpoint({
    id: "getSkuMapping",
    method: "GET",
    path: "/connections/{id}/mapping",
    summary:
      "What the licenses of a managed application stand for, and what people hold without one",
    input: getSkuMappingInput,
    idField: "connectionId",
    verb: getSkuMapping,
    output: managedApps.skuMappingSchema,
  }),
  mapSku: endpoint({
    id: "mapSku",
    method: "PUT",
    path: "/connections/{id}/mapping",
    summary: "Say which product a license, or a SKU as the application writes it, stands for",
    input: mapSkuInput,
    idField: "connectionId",
    verb: mapSku,
    status: 204,
    output: null,
  }),
  unmapSku: endpoint({
    id: "unmapSku",
    method: "DELETE",
    path: "/connections/{id}/mapping",
    summary: "Forget what a license or a SKU was mapped to",
    input: unmapSkuInput,
    idField: "connectionId",
    verb: unmapSku,
    status: 204,
    output: null,
  }),
  listUnmatchedPeople: endpoint({
    id: "listUnmatchedPeople",
    method: "GET",
    path: "/connections/{id}/unmatched-people",
    summary: "People of a managed application who are not in Microsoft's own data",
    input: listUnmatchedPeopleInput,
    idField: "connectionId",
    verb: listUnmatchedPeople,
    output: managedApps.unmatchedPeopleSchema,
  }),
  listSwitches: endpoint({
    id: "listSwitches",
    method: "GET",
    path: "/switches",
    summary: "Which connector counts where: switches in force and those asked for ahead",
    input: listSwitchesInput,
    verb: listSwitches,
    output: switches.switchListSchema,
  }),
  previewSwitch: endpoint({
    id: "previewSwitch",
    method: "POST",
    path: "/switches/preview",
    summary: "What a switch would do, or taking back the one in force; changes nothing",
    input: getSwitchPreviewInput,
    verb: getSwitchPreview,
    output: switches.switchViewSchema,
  }),
  switchSource: endpoint({
    id: "switchSource",
    method: "POST",
    path: "/switches",
    summary: "Let a connector stand for those below it",
    input: switchSourceInput,
    verb: switchSource,
    status: 201,
    output: connections.idSchema,
  }),
  undoSwitch: endpoint({
    id: "undoSwitch",
    method: "DELETE",
    path: "/switches/{id}",
    summary: "Take a switch back: everything is as before",
    input: undoSwitchInput,
    idField: "supersessionId",
    verb: undoSwitch,
    status: 204,
    output: null,
  }),
  startParallelRun: endpoint({
    id: "startParallelRun",
    method: "POST",
    path: "/parallel-runs",
    summary: "Ask for a switch so many days ahead",
    input: startParallelRunInput,
    verb: startParallelRun,
    status: 201,
    output: switches.startedParallelRunSchema,
  }),
  endParallelRun: endpoint({
    id: "endParallelRun",
    method: "DELETE",
    path: "/parallel-runs/{id}",
    summary: "Call off a switch that was asked for ahead",
    input: endParallelRunInput,
    idField: "parallelRunId",
    verb: endParallelRun,
    status: 204,
    output: null,
  }),
} as const satisfies Record<string, Endpoint>;
