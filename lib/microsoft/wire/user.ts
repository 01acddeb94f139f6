import { z } from "zod";
import { guid, list, optional, text } from "./scalars.ts";
import {
  arrayShape,
  booleanShape,
  guidShape,
  listShape,
  objectShape,
  optionalShape,
  textShape,
} from "./shape.ts";

const optionalText = optionalShape(textShape);

/** An entry of assignedLicenses; which plans are off is part of what the user holds. */
export const assignedLicenseWire = objectShape({
  skuId: guidShape,
  disabledPlans: optionalShape(arrayShape(guidShape)),
});
export type AssignedLicenseWire = z.infer<typeof assignedLicenseWire.schema>;

/** An entry of licenseAssignmentStates: how a license came, never whether it is held. */
export const assignmentStateWire = objectShape({
  skuId: guidShape,
  assignedByGroup: optionalShape(guidShape),
  state: optionalText,
  error: optionalText,
  lastUpdatedDateTime: optionalText,
});
export type AssignmentStateWire = z.infer<typeof assignmentStateWire.schema>;

/**
 * The directory pass of `GET /users`. `id` and `assignedLicenses` decide whether the row counts; a fault in any other
 * field costs that field only. Source: DESIGN §4.3, reference/microsoft-graph.md §3.5.
 */
export const userWire = objectShape({
  id: guidShape,
  assignedLicenses: arrayShape(assignedLicenseWire),
  licenseAssignmentStates: optionalShape(listShape),
  userPrincipalName: optionalText,
  displayName: optionalText,
  mail: optionalText,
  accountEnabled: optionalShape(booleanShape),
  userType: optionalText,
  createdDateTime: optionalText,
  usageLocation: optionalText,
  country: optionalText,
  city: optionalText,
  department: optionalText,
  jobTitle: optionalText,
  companyName: optionalText,
  officeLocation: optionalText,
  employeeId: optionalText,
  employeeType: optionalText,
  onPremisesSyncEnabled: optionalShape(booleanShape),
});
export type UserWire = z.infer<typeof userWire.schema>;

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
