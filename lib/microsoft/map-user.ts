import type { AssignmentRow, UserRow } from "#lib/import/ports";
import { cleanText, instantOrNull, type Notes, noteUnknown } from "./clean.ts";
import { parseEntries } from "./rows.ts";
import {
  type AssignedLicenseWire,
  type AssignmentStateWire,
  assignmentStateWire,
  type UserWire,
} from "./wire/user.ts";

/** One account with its assignments. Source: DESIGN §5 `assigned`, reference/microsoft-graph.md §3.5. */
export function toUser(wire: UserWire, notes: Notes): UserRow {
  noteUnknown(wire.userType, ["Member", "Guest"], "userType", notes);
  const string = (field: StringField) => cleanText(wire[field], field, notes);
  const states = parseEntries(
    wire.licenseAssignmentStates,
    assignmentStateWire,
    "licenseAssignmentStates",
    notes,
  );
  return {
    userId: wire.id,
    userPrincipalName: string("userPrincipalName"),
    displayName: string("displayName"),
    mail: string("mail"),
    accountEnabled: wire.accountEnabled ?? null,
    userType: string("userType"),
    createdAt: instantOrNull(wire.createdDateTime, "createdDateTime", notes),
    usageLocation: string("usageLocation"),
    country: string("country"),
    city: string("city"),
    department: string("department"),
    jobTitle: string("jobTitle"),
    companyName: string("companyName"),
    officeLocation: string("officeLocation"),
    employeeId: string("employeeId"),
    employeeType: string("employeeType"),
    onPremisesSynced: wire.onPremisesSyncEnabled ?? null,
    assignments: toAssignments(wire.assignedLicenses, states, notes),
  };
}

type StringField = {
  [Field in keyof UserWire]-?: UserWire[Field] extends string | null | undefined ? Field : never;
}[keyof UserWire];

const stateWords = ["Active", "ActiveWithError", "Disabled", "Error"];
const errorWords = [
  "None",
  "CountViolation",
  "MutuallyExclusiveViolation",
  "DependencyViolation",
  "ProhibitedInUsageLocationViolation",
  "UniquenessViolation",
  "Other",
  "Others",
];

/**
 * The SKUs a user holds (assignedLicenses alone decides), each with how it came (licenseAssignmentStates), and SKUs
 * that are not held only when an assignment of them is in error.
 */
function toAssignments(
  licenses: readonly AssignedLicenseWire[],
  states: readonly AssignmentStateWire[],
  notes: Notes,
): AssignmentRow[] {
  const disabledPlans = new Map<string, Set<string>>();
  for (const { skuId, disabledPlans: plans } of licenses) {
    const known = disabledPlans.get(skuId) ?? new Set();
    for (const plan of plans ?? []) known.add(plan);
    disabledPlans.set(skuId, known);
  }
  for (const { state, error } of states) {
    noteUnknown(state, stateWords, "licenseAssignmentStates.state", notes);
    if (!isNone(error)) noteUnknown(error, errorWords, "licenseAssignmentStates.error", notes);
  }
  const bySku = Map.groupBy(states, ({ skuId }) => skuId);
  const held = [...disabledPlans].map(([skuId, plans]) =>
    toAssignment(skuId, true, bySku.get(skuId) ?? [], [...plans], notes),
  );
  const failed = [...bySku]
    .filter(([skuId, rows]) => !disabledPlans.has(skuId) && rows.some(isInError))
    .map(([skuId, rows]) => toAssignment(skuId, false, rows, [], notes));
  return [...held, ...failed];
}

function toAssignment(
  skuId: string,
  holds: boolean,
  states: readonly AssignmentStateWire[],
  disabledPlanIds: readonly string[],
  notes: Notes,
): AssignmentRow {
  const working = holds ? states.filter(isWorking) : [];
  const failing = states.filter(isInError);
  const groups = working.flatMap(({ assignedByGroup }) =>
    assignedByGroup ? [assignedByGroup] : [],
  );
  const error = failing.map((row) => row.error).find((word) => !isNone(word));
  const dates = working
    .map((row) =>
      instantOrNull(row.lastUpdatedDateTime, "licenseAssignmentStates.lastUpdatedDateTime", notes),
    )
    .filter((date) => date !== null);
  return {
    skuId,
    holds,
    direct: working.some(({ assignedByGroup }) => !assignedByGroup),
    groupIds: [...new Set(groups)],
    inError: failing.length > 0,
    error: cleanText(error, "licenseAssignmentStates.error", notes),
    assignedAt: dates.toSorted()[0] ?? null,
    disabledPlanIds,
  };
}

const stateOf = ({ state }: AssignmentStateWire): string => state?.toLowerCase() ?? "";
const isWorking = (row: AssignmentStateWire): boolean =>
  !["error", "disabled"].includes(stateOf(row));
const isInError = (row: AssignmentStateWire): boolean =>
  ["error", "activewitherror"].includes(stateOf(row));
const isNone = (error: string | null | undefined): boolean =>
  !error || error.toLowerCase() === "none";
