import { z } from "zod";
import { guid, list, optional, text } from "./scalars.ts";

/** An entry of assignedLicenses; which plans are off is part of what the user holds. */
export const assignedLicenseWire = z.object({
  skuId: guid,
  disabledPlans: optional(z.array(guid)),
});
export type AssignedLicenseWire = z.infer<typeof assignedLicenseWire>;

/** An entry of licenseAssignmentStates: how a license came, never whether it is held. */
export const assignmentStateWire = z.object({
  skuId: guid,
  assignedByGroup: optional(guid),
  state: optional(text),
  error: optional(text),
  lastUpdatedDateTime: optional(text),
});
export type AssignmentStateWire = z.infer<typeof assignmentStateWire>;

/**
 * The directory pass of `GET /users`. `id` and `assignedLicenses` decide whether the row counts; a fault in any other
 * field costs that field only. Source: DESIGN §4.3, reference/microsoft-graph.md §3.5.
 */
export const userWire = z.object({
  id: guid,
  assignedLicenses: z.array(assignedLicenseWire),
  licenseAssignmentStates: optional(list),
  userPrincipalName: optional(text),
  displayName: optional(text),
  mail: optional(text),
  accountEnabled: optional(z.boolean()),
  userType: optional(text),
  createdDateTime: optional(text),
  usageLocation: optional(text),
  country: optional(text),
  city: optional(text),
  department: optional(text),
  jobTitle: optional(text),
  companyName: optional(text),
  officeLocation: optional(text),
  employeeId: optional(text),
  employeeType: optional(text),
  onPremisesSyncEnabled: optional(z.boolean()),
});
export type UserWire = z.infer<typeof userWire>;

/** Without these a user row says nothing about seats. */
export const userEssentials = ["id", "assignedLicenses"] as const;

/** `GET /directory/deletedItems/microsoft.graph.user`. Source: reference/microsoft-graph.md §3.10. */
export const deletedUserWire = z.object({
  id: guid,
  userPrincipalName: optional(text),
  displayName: optional(text),
  deletedDateTime: optional(text),
  assignedLicenses: optional(list),
});
export type DeletedUserWire = z.infer<typeof deletedUserWire>;
