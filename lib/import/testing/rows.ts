import type {
  AssignmentRow,
  OrganizationRow,
  SkuRow,
  SourcePage,
  UserRow,
} from "#lib/import/ports";

/** A GUID that tells in tests what it is of: `guid(0xa, 7)` → `0000000a-0000-4000-8000-000000000007`. */
export const guid = (kind: number, index: number): string =>
  `${kind.toString(16).padStart(8, "0")}-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;

export const userId = (index: number): string => guid(1, index);
export const skuId = (index: number): string => guid(2, index);

export const organizationRow = (tenantId: string): OrganizationRow => ({
  tenantId,
  displayName: "Contoso",
  defaultDomain: "contoso.example",
  countryCode: "CH",
});

export const skuRow = (index: number, given: Partial<SkuRow> = {}): SkuRow => ({
  skuId: skuId(index),
  partNumber: `SKU_${index}`,
  appliesTo: "user",
  capabilityStatus: "Enabled",
  consumedUnits: 0,
  prepaidUnits: { enabled: 10, expiring: 0, suspended: 0, lockedOut: 0 },
  subscriptionIds: [],
  servicePlanIds: [],
  ...given,
});

export const assignmentRow = (sku: number, given: Partial<AssignmentRow> = {}): AssignmentRow => ({
  skuId: skuId(sku),
  holds: true,
  direct: true,
  groupIds: [],
  inError: false,
  error: null,
  assignedAt: "2024-01-01T00:00:00Z",
  disabledPlanIds: [],
  ...given,
});

export const userRow = (index: number, given: Partial<UserRow> = {}): UserRow => ({
  userId: userId(index),
  userPrincipalName: `user${index}@contoso.example`,
  displayName: `User ${index}`,
  mail: null,
  accountEnabled: true,
  userType: "Member",
  createdAt: "2020-01-01T00:00:00Z",
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
  assignments: [],
  ...given,
});

/** A page; the last one unless it says where to go on. */
export const page = <Row>(
  rows: readonly Row[],
  next: string | null = null,
  more: Partial<SourcePage<Row>> = {},
): SourcePage<Row> => ({ rows, quarantined: [], next, last: next === null, ...more });
