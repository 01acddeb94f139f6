import { getLicense, getLicenseInput } from "#lib/services/get-license";
import { listAssignments, listAssignmentsInput } from "#lib/services/list-assignments";
import { listLicenseChanges, listLicenseChangesInput } from "#lib/services/list-license-changes";
import { listLicenses, listLicensesInput } from "#lib/services/list-licenses";
import { listSubscriptions, listSubscriptionsInput } from "#lib/services/list-subscriptions";
import { type Endpoint, endpoint } from "./endpoint.ts";
import * as changes from "./schemas-changes.ts";
import * as licenses from "./schemas-licenses.ts";

/** Licenses, and what is behind each. */
export const licenseEndpoints = {
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
} as const satisfies Record<string, Endpoint>;
