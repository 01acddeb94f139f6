/** Where a license comes from. Source: DESIGN §2. */
export const sources = ["microsoft-365", "office-365-deprecated", "saas-management"] as const;
export type Source = (typeof sources)[number];

/** How the Microsoft 365 source is authorised. Source: DESIGN §2. */
export const methods = ["multi-tenant-app", "registered-app"] as const;
export type Method = (typeof methods)[number];

/** Microsoft's clouds. Source: reference/microsoft-graph.md §1.5. */
export const clouds = ["global", "us-gov-l4", "us-gov-l5", "china"] as const;
export type Cloud = (typeof clouds)[number];

export const connectionStatuses = [
  "draft",
  "awaiting-consent",
  "verifying",
  "ready",
  "action-needed",
  "paused",
  "disconnected",
] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number];

/** Why a connection ended: somebody asked, or the tenant's administrator moved it to another workspace. */
export const disconnectReasons = ["asked", "claim-moved"] as const;
export type DisconnectReason = (typeof disconnectReasons)[number];

/** States in which an import may start; `verifying` verifies first. Source: DESIGN §7 step 4. */
export const importableStatuses: readonly ConnectionStatus[] = [
  "verifying",
  "ready",
  "action-needed",
];

/** Letters, digits, space, underscore; starts with a letter or digit; at most 80 characters. Source: DESIGN §7 step 2. */
export const connectionNamePattern = /^[\p{L}\p{N}][\p{L}\p{N} _]{0,79}$/u;

/** The label of an enterprise, at most 60 characters. */
export const maxEnterpriseLength = 60;

/** The application permissions we ask for, and what each is for. Source: reference/microsoft-graph.md §3.1. */
export const permissions = [
  {
    name: "Organization.Read.All",
    appRoleId: "498476ce-e0fe-48b0-b801-37ba7e2685c6",
    mandatory: true,
    gives: "Your subscriptions and how many units each one has",
    without: "Nothing can be imported",
  },
  {
    name: "User.Read.All",
    appRoleId: "df021288-bdef-4463-88db-98f22de89214",
    mandatory: true,
    gives: "Accounts and the licenses assigned to them",
    without: "Nothing can be imported",
  },
  {
    name: "GroupMember.Read.All",
    appRoleId: "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    mandatory: false,
    gives: "Names of the groups that assign licenses",
    without: "Groups are shown by their id",
  },
  {
    name: "AuditLog.Read.All",
    appRoleId: "b0afded3-3588-46d8-8b3d-9842eff778da",
    mandatory: false,
    gives: "The last successful sign-in of each account",
    without: "\u201CNever used\u201D cannot be told; activity rests on usage reports alone",
  },
  {
    name: "Reports.Read.All",
    appRoleId: "230c1aed-a721-4c5d-9cb4-a90514e508ef",
    mandatory: false,
    gives: "When each service was last used",
    without: "Activity rests on sign-ins alone",
  },
  {
    name: "ReportSettings.Read.All",
    appRoleId: "ee353f83-55ef-4b78-82da-555bfa2b4b95",
    mandatory: false,
    gives: "Whether the tenant conceals names in usage reports",
    without: "Concealed names are recognised by their shape only",
  },
] as const;

export type PermissionName = (typeof permissions)[number]["name"];
