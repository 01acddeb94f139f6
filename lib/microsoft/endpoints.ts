import type { PermissionName } from "#lib/domain/connection";
import type { GraphService } from "./pacing.ts";

/** Where a collection is and what reading it needs. `pageSize` rows are asked for; null = no `$top`. */
export interface Endpoint {
  readonly path: string;
  readonly query: string;
  readonly pageSize: number | null;
  readonly service: GraphService;
  /** Where Microsoft counts it by itself. */
  readonly operation?: string;
  readonly permission: PermissionName;
  readonly consistencyLevel?: "eventual";
}

const userFields = [
  "id",
  "userPrincipalName",
  "displayName",
  "mail",
  "accountEnabled",
  "userType",
  "createdDateTime",
  "assignedLicenses",
  "licenseAssignmentStates",
  "usageLocation",
  "country",
  "city",
  "department",
  "jobTitle",
  "companyName",
  "officeLocation",
  "employeeId",
  "employeeType",
  "onPremisesSyncEnabled",
];

/** The reads of collections. Only fields we keep are selected. Source: reference/microsoft-graph.md §3.2-§3.10. */
export const endpoints = {
  organization: {
    path: "/v1.0/organization",
    query: "$select=id,displayName,countryLetterCode,verifiedDomains",
    pageSize: null,
    service: "directory",
    permission: "Organization.Read.All",
  },
  subscribedSkus: {
    path: "/v1.0/subscribedSkus",
    query: "",
    pageSize: null,
    service: "directory",
    permission: "Organization.Read.All",
  },
  subscriptions: {
    path: "/v1.0/directory/subscriptions",
    query: "",
    pageSize: null,
    service: "directory",
    permission: "Organization.Read.All",
  },
  users: {
    path: "/v1.0/users",
    query: `$select=${userFields.join(",")}`,
    pageSize: 999,
    service: "directory",
    permission: "User.Read.All",
  },
  groups: {
    path: "/v1.0/groups",
    query: "$select=id,displayName&$filter=assignedLicenses/$count%20ne%200&$count=true",
    pageSize: 999,
    service: "directory",
    permission: "GroupMember.Read.All",
    consistencyLevel: "eventual",
  },
  deletedUsers: {
    path: "/v1.0/directory/deletedItems/microsoft.graph.user",
    query: "$select=id,displayName,userPrincipalName,deletedDateTime,assignedLicenses",
    pageSize: 999,
    service: "directory",
    permission: "User.Read.All",
  },
  signIns: {
    path: "/v1.0/users",
    query: "$select=id,signInActivity",
    pageSize: 500,
    service: "identity-reports",
    permission: "AuditLog.Read.All",
  },
  reportSettings: {
    path: "/v1.0/admin/reportSettings",
    query: "",
    pageSize: null,
    // The reports' own service: a limited directory says nothing about it.
    service: "usage-reports",
    operation: "report-settings",
    permission: "ReportSettings.Read.All",
  },
} as const satisfies Record<string, Endpoint>;
