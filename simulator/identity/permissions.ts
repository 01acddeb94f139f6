/** What the consent page says about each Graph application permission the simulator knows. */
export const permissionDescriptions: Readonly<Record<string, string>> = {
  "Organization.Read.All":
    "Read organization information, such as subscribed licenses and verified domains.",
  "User.Read.All": "Read the full profile of every user, including their assigned licenses.",
  "GroupMember.Read.All": "Read the names of groups and their memberships.",
  "Group.Read.All": "Read all groups.",
  "AuditLog.Read.All": "Read audit log data, including when people last signed in.",
  "Reports.Read.All": "Read all usage reports.",
  "ReportSettings.Read.All": "Read the settings of usage reports.",
  "LicenseAssignment.Read.All": "Read license assignments.",
  "Directory.Read.All": "Read data in the directory, such as users, groups and apps.",
};
