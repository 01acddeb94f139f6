/** A member's or token's role. Roles are sets of rights, not a chain. Source: DESIGN §2. */
export const roles = ["viewer", "analyst", "connection-admin", "auditor", "owner"] as const;
export type Role = (typeof roles)[number];

/** What a use case may ask for. Source: DESIGN §2. */
export type Right =
  | "read"
  | "see-people"
  | "edit-purchases"
  | "edit-prices"
  | "edit-exclusions"
  | "export"
  | "import"
  | "cancel-import"
  | "decide-held-import"
  | "manage-connections"
  | "manage-credentials"
  | "read-audit"
  | "manage-members"
  | "manage-tokens"
  | "manage-integrations";

const rightsByRole: Record<Role, readonly Right[]> = {
  viewer: ["read"],
  analyst: [
    "read",
    "see-people",
    "edit-purchases",
    "edit-prices",
    "edit-exclusions",
    "export",
    "import",
    "decide-held-import",
  ],
  "connection-admin": [
    "read",
    "see-people",
    "import",
    "cancel-import",
    "manage-connections",
    "manage-credentials",
  ],
  auditor: ["read", "see-people", "read-audit"],
  owner: [
    "read",
    "see-people",
    "edit-purchases",
    "edit-prices",
    "edit-exclusions",
    "export",
    "import",
    "cancel-import",
    "decide-held-import",
    "manage-connections",
    "manage-credentials",
    "read-audit",
    "manage-members",
    "manage-tokens",
    "manage-integrations",
  ],
};

/** Whether the role's set holds the right. */
export const hasRight = (role: Role, right: Right): boolean => rightsByRole[role].includes(right);
