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
  const states = parseEntries(
    wire.licenseAssignmentStates,
    assignmentStateWire,
    "licenseAssignmentStates",
    notes,
  );
  return {
    userId: wire.id,
    userPrincipalName: cleanText(wire.userPrincipalName, "userPrincipalName", notes),
    displayName: cleanText(wire.displayName, "displayName", notes),
    mail: cleanText(wire.mail, "mail", notes),
    accountEnabled: wire.accountEnabled ?? null,
    userType: cleanText(wire.userType, "userType", notes),
    createdAt: instantOrNull(wire.createdDateTime, "createdDateTime", notes),
    usageLocation: cleanText(wire.usageLocation, "usageLocation", notes),
    country: cleanText(wire.country, "country", notes),
    city: cleanText(wire.city, "city", notes),
    department: cleanText(wire.department, "department", notes),
    jobTitle: cleanText(wire.jobTitle, "jobTitle", notes),
    companyName: cleanText(wire.companyName, "companyName", notes),
    officeLocation: cleanText(wire.officeLocation, "officeLocation", notes),
    employeeId: cleanText(wire.employeeId, "employeeId", notes),
    employeeType: cleanText(wire.employeeType, "employeeType", notes),
    onPremisesSynced: wire.onPremisesSyncEnabled ?? null,
    assignments: toAssignments(wire.assignedLicenses, states, notes),
  };
}

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

/** An assignment while its licenses and states are gone through. Lists may name an id twice. */
interface Draft {
  readonly skuId: string;
  readonly holds: boolean;
  direct: boolean;
  readonly groupIds: string[];
  inError: boolean;
  error: string | null;
  assignedAt: string | null;
  readonly disabledPlanIds: string[];
}

const draftOf = (skuId: string, holds: boolean): Draft => ({
  skuId,
  holds,
  direct: false,
  groupIds: [],
  inError: false,
  error: null,
  assignedAt: null,
  disabledPlanIds: [],
});

/**
 * The SKUs a user holds (assignedLicenses alone decides), each with how it came (licenseAssignmentStates), and SKUs
 * that are not held only when an assignment of them is in error.
 */
function toAssignments(
  licenses: readonly AssignedLicenseWire[],
  states: readonly AssignmentStateWire[],
  notes: Notes,
): AssignmentRow[] {
  const drafts = new Map<string, Draft>();
  for (const { skuId, disabledPlans } of licenses) {
    const draft = drafts.get(skuId) ?? draftOf(skuId, true);
    drafts.set(skuId, draft);
    for (const plan of disabledPlans ?? []) draft.disabledPlanIds.push(plan);
  }
  for (const state of states) {
    const draft = drafts.get(state.skuId) ?? draftOf(state.skuId, false);
    drafts.set(state.skuId, draft);
    addState(draft, state, notes);
  }
  const rows: AssignmentRow[] = [];
  for (const draft of drafts.values()) {
    if (!draft.holds && !draft.inError) continue;
    const { skuId, holds, direct, groupIds, inError, error, assignedAt, disabledPlanIds } = draft;
    rows.push({
      skuId,
      holds,
      direct,
      groupIds: distinct(groupIds),
      inError,
      error: cleanText(error, "licenseAssignmentStates.error", notes),
      assignedAt,
      disabledPlanIds: distinct(disabledPlanIds),
    });
  }
  return rows;
}

/** Rows in state Error and Disabled give no origin and no date, nor do those of a SKU that is not held. */
function addState(draft: Draft, wire: AssignmentStateWire, notes: Notes): void {
  const { error, assignedByGroup, lastUpdatedDateTime } = wire;
  noteUnknown(wire.state, stateWords, "licenseAssignmentStates.state", notes);
  const none = isNone(error);
  if (!none) noteUnknown(error, errorWords, "licenseAssignmentStates.error", notes);
  const state = wire.state === "Active" ? "active" : wire.state?.toLowerCase();
  if (state === "error" || state === "activewitherror") {
    draft.inError = true;
    if (!none) draft.error ??= error ?? null;
  }
  if (!draft.holds || state === "error" || state === "disabled") return;
  if (assignedByGroup) draft.groupIds.push(assignedByGroup);
  else draft.direct = true;
  const field = "licenseAssignmentStates.lastUpdatedDateTime";
  const at = instantOrNull(lastUpdatedDateTime, field, notes);
  if (at !== null && (draft.assignedAt === null || at < draft.assignedAt)) draft.assignedAt = at;
}

const distinct = (ids: readonly string[]): readonly string[] =>
  ids.length < 2 ? ids : [...new Set(ids)];

const isNone = (error: string | null | undefined): boolean =>
  !error || error === "None" || error.toLowerCase() === "none";
