import type { z } from "zod";
import type { AssignmentRow, SignInRow, SkuRow, UserRow } from "#lib/import/ports";
import type { Line } from "./contents.ts";
import type { LicenseWire, SignInWire, SkuWire, UserWire } from "./format.ts";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const refused = (field: string, problem: string): Line<never> => ({ refused: { field, problem } });

/**
 * One line of JSON as a row. With `essentials`, only a fault in one of those fields refuses it; any other broken field
 * becomes null and is told. Source: DESIGN §4.3.
 */
export function parseLine<Wire, Row>(
  line: Buffer,
  wire: z.ZodType<Wire>,
  map: (wire: Wire) => Row,
  essentials?: readonly string[],
): Line<Row> {
  const value = parseJson(line);
  if (!isRecord(value)) return refused("row", "no JSON object");
  const parsed = wire.safeParse(value);
  if (parsed.success) return { row: map(parsed.data) };
  const fields = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? "row")))];
  const fatal = fields.find((field) => !essentials || essentials.includes(field));
  if (fatal !== undefined) return refused(fatal, "invalid");
  const nulls = Object.fromEntries(fields.map((field) => [field, null]));
  const mended = wire.safeParse({ ...value, ...nulls });
  return mended.success
    ? { row: map(mended.data), unexpected: fields }
    : refused(fields[0] ?? "row", "invalid");
}

function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Units as the package has them: active is Microsoft's enabled, warning its grace. Source: DESIGN §5 Other sources. */
export const toSku = (wire: SkuWire): SkuRow => ({
  skuId: wire.skuId,
  partNumber: wire.skuPartNumber ?? null,
  appliesTo: wire.appliesTo?.toLowerCase() === "company" ? "company" : "user",
  capabilityStatus: wire.capabilityStatus ?? null,
  consumedUnits: wire.consumed ?? null,
  prepaidUnits: {
    enabled: wire.active ?? null,
    expiring: wire.warning ?? null,
    suspended: wire.suspended ?? null,
    lockedOut: wire.lockedOut ?? null,
  },
  subscriptionIds: [],
  servicePlanIds: [],
});

export const toUser = (wire: UserWire): UserRow => ({
  userId: wire.id,
  userPrincipalName: wire.userPrincipalName ?? null,
  displayName: wire.displayName ?? null,
  mail: wire.mail ?? null,
  accountEnabled: wire.accountEnabled ?? null,
  userType: wire.userType ?? null,
  createdAt: wire.createdAt,
  usageLocation: wire.usageLocation ?? null,
  country: wire.country ?? null,
  city: wire.city ?? null,
  department: wire.department ?? null,
  jobTitle: wire.jobTitle ?? null,
  companyName: wire.companyName ?? null,
  officeLocation: wire.officeLocation ?? null,
  employeeId: wire.employeeId ?? null,
  employeeType: wire.employeeType ?? null,
  onPremisesSynced: wire.onPremisesSynced ?? null,
  assignments: toAssignments(wire.licenses),
});

/** A SKU named twice is one assignment: what one of them says is so. */
function toAssignments(licenses: readonly LicenseWire[]): readonly AssignmentRow[] {
  const bySku = new Map<string, AssignmentRow>();
  for (const license of licenses) {
    const before = bySku.get(license.skuId);
    const row = toAssignment(license);
    bySku.set(license.skuId, before === undefined ? row : merge(before, row));
  }
  return [...bySku.values()].filter((row) => row.holds || row.inError);
}

const toAssignment = (wire: LicenseWire): AssignmentRow => ({
  skuId: wire.skuId,
  holds: wire.held,
  direct: wire.held && wire.direct,
  groupIds: wire.held ? [...new Set(wire.groupIds)] : [],
  inError: wire.inError,
  error: wire.inError ? (wire.error ?? null) : null,
  assignedAt: wire.held ? wire.assignedAt : null,
  disabledPlanIds: [...new Set(wire.disabledPlanIds)],
});

const merge = (a: AssignmentRow, b: AssignmentRow): AssignmentRow => ({
  skuId: a.skuId,
  holds: a.holds || b.holds,
  direct: a.direct || b.direct,
  groupIds: [...new Set([...a.groupIds, ...b.groupIds])],
  inError: a.inError || b.inError,
  error: a.error ?? b.error,
  assignedAt: earlier(a.assignedAt, b.assignedAt),
  disabledPlanIds: [...new Set([...a.disabledPlanIds, ...b.disabledPlanIds])],
});

const earlier = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : a < b ? a : b;

export const toSignIn = (wire: SignInWire): SignInRow => ({
  userId: wire.id,
  lastSuccessfulAt: wire.lastSuccessfulAt,
  lastInteractiveAt: wire.lastInteractiveAt,
  lastNonInteractiveAt: wire.lastNonInteractiveAt,
});
