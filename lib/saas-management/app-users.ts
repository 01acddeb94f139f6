import { v5 as nameBasedId } from "uuid";
import type { AssignmentRow, UserRow } from "#lib/import/ports";
import type { AppUser } from "./map.ts";

const namespace = "8a1d9b52-6a0f-4b8e-9a59-0a5b8fb2f0d4";
const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An account's id: its object id where the application has that, else one made of the tenant and what it has. */
const userIdOf = (tenantId: string, { uniqueId }: AppUser): string =>
  guidPattern.test(uniqueId)
    ? uniqueId.toLowerCase()
    : nameBasedId(`${tenantId}/${uniqueId.toLowerCase()}`, namespace);

/** SaaS Management tells who holds it, not how. */
const assignmentOf = (skuId: string): AssignmentRow => ({
  skuId,
  holds: true,
  direct: false,
  groupIds: [],
  inError: false,
  error: null,
  assignedAt: null,
  disabledPlanIds: [],
});

/**
 * An account of an application. One that was deactivated holds nothing (DESIGN §5 "Other sources"). An address as unique
 * id is its user principal name; what is not told of it is null. `keyOf`: under which id a SKU it names is kept.
 */
export function toUserRow(
  user: AppUser,
  tenantId: string,
  keyOf: (name: string) => string,
): UserRow {
  const deactivated = user.deactivatedAt !== null;
  const skuIds = deactivated ? [] : [...new Set(user.skus.map(keyOf))];
  return {
    userId: userIdOf(tenantId, user),
    userPrincipalName: user.uniqueId.includes("@") ? user.uniqueId : null,
    displayName: user.displayName ?? user.email,
    mail: user.email,
    accountEnabled: deactivated ? false : null,
    userType: null,
    createdAt: null,
    usageLocation: null,
    country: null,
    city: null,
    department: null,
    jobTitle: null,
    companyName: null,
    officeLocation: null,
    employeeId: null,
    employeeType: null,
    onPremisesSynced: null,
    assignments: skuIds.map(assignmentOf),
  };
}
