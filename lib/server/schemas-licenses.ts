import { z } from "zod";
import { licenseResolutions, termProblems, termStates } from "#lib/domain/app-license";
import type { AssignmentItem } from "#lib/domain/assignment-item";
import { sources } from "#lib/domain/connection";
import { activities, compliances, flags, retiredReasons } from "#lib/domain/license";
import type { LicenseDetail, LicenseItem, SubscriptionItem } from "#lib/domain/license-item";
import { confidences, opportunityKinds } from "#lib/domain/opportunity";
import type { OpportunityItem, OpportunitySummary } from "#lib/domain/opportunity-item";
import type { LicenseTotals } from "#lib/domain/overview";
import { unavailableReasons } from "#lib/domain/quantity";

/** Seats, or null with a reason in `unavailable`. */
const seats = z.int().nullable();
export const instant = z.iso.datetime().nullable();
const day = z.iso.date();
const money = z.strictObject({ amount: z.string(), currency: z.string() });
const monthlyPrice = z.strictObject({
  amount: z.string(),
  currency: z.string(),
  source: z.enum(["list", "entered"]),
  asOf: z.string().nullable(),
});
export const asOf = z.strictObject({ directory: instant, signIns: instant, usage: instant });
const origin = z.enum(["direct", "group", "both", "unknown"]);

/** A page of a list. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });

/** A page of figures: `newerData` when newer ones were published since the list's first page. */
export const figurePage = <Item extends z.ZodType>(item: Item) =>
  page(item).extend({ newerData: z.boolean() });

const contract = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("covered") }),
  z.strictObject({ kind: z.literal("short"), uncovered: z.int() }),
  z.strictObject({ kind: z.literal("no-purchase") }),
  z.strictObject({ kind: z.literal("unknown") }),
]);

export const licenseSchema = z.strictObject({
  id: z.guid(),
  connectionId: z.guid(),
  tenantId: z.guid(),
  tenantName: z.string(),
  source: z.enum(sources),
  skuId: z.guid().nullable(),
  partNumber: z.string().nullable(),
  productName: z.string(),
  type: z.enum(["named-user", "tenant"]),
  status: z.enum(["active", "retired"]),
  retiredReason: z.enum(retiredReasons).nullable(),
  compliance: z.enum(compliances),
  flags: z.array(z.enum(flags)),
  enabled: seats,
  expiring: seats,
  suspended: seats,
  lockedOut: seats,
  entitled: seats,
  reported: seats,
  consumed: seats,
  difference: z.strictObject({ total: z.int(), moved: z.int(), unexplained: z.int() }).nullable(),
  trial: seats,
  available: seats,
  shortfall: seats,
  purchased: seats,
  contract,
  assigned: z
    .strictObject({
      direct: z.int(),
      group: z.int(),
      both: z.int(),
      unknown: z.int(),
      errors: z.int(),
    })
    .nullable(),
  activity: z
    .strictObject({
      active: z.int(),
      inactive: z.int(),
      neverUsed: z.int(),
      tooNew: z.int(),
      unknown: z.int(),
    })
    .nullable(),
  blocked: seats,
  guests: seats,
  unavailable: z.record(z.string(), z.enum(unavailableReasons)),
  asOf,
  evaluatedOn: day.nullable(),
  monthlyPrice: monthlyPrice.nullable(),
  idleUnits: z.int(),
  lowConfidenceUnits: z.int(),
  unassignedUnits: seats,
  exposure: money.nullable(),
  reassignableNow: money.nullable(),
  reducibleAtRenewal: money.nullable(),
  decisionDate: z
    .strictObject({ date: day, source: z.enum(["purchase-term", "microsoft-lifecycle"]) })
    .nullable(),
}) satisfies z.ZodType<LicenseItem>;

export const licenseTotalsSchema = z.strictObject({
  active: z.int(),
  retired: z.int(),
  byCompliance: z.strictObject({
    compliant: z.int(),
    "at-risk": z.int(),
    unknown: z.int(),
    "not-applicable": z.int(),
  }),
  shortfall: z.int(),
  surplus: z.int(),
  unknownAvailability: z.int(),
  exposure: z.array(money),
  idleUnits: z.int(),
  unpricedIdleUnits: z.int(),
  unknownUse: z.int(),
}) satisfies z.ZodType<LicenseTotals>;

export const licensePageSchema = figurePage(licenseSchema).extend({ totals: licenseTotalsSchema });

const application = z.strictObject({
  externalId: z.string(),
  name: z.string().nullable(),
  resolution: z.enum(licenseResolutions),
  mapped: z.strictObject({ by: z.string(), at: z.iso.datetime() }).nullable(),
  candidates: z.array(z.string()),
  terms: z.array(
    z.strictObject({
      no: z.int(),
      type: z.string().nullable(),
      units: seats,
      annualCost: z.string().nullable(),
      currency: z.string().nullable(),
      startsOn: day.nullable(),
      endsOn: day.nullable(),
      problem: z.enum(termProblems).nullable(),
      state: z.enum(termStates),
    }),
  ),
  annualCost: z.array(money).nullable(),
  entitledUnknown: z.string().nullable(),
});

export const licenseDetailSchema = licenseSchema.extend({
  application: application.nullable(),
  connectionName: z.string(),
  importId: z.guid().nullable(),
  reconciliationId: z.int().nullable(),
  servicePlans: z.array(z.strictObject({ id: z.guid(), name: z.string() })),
  leftOut: z.record(z.string(), z.int()),
  twins: z.array(
    z.strictObject({
      id: z.guid(),
      source: z.enum(sources),
      status: z.enum(["active", "retired"]),
      retiredReason: z.enum(retiredReasons).nullable(),
      entitled: seats,
      consumed: seats,
    }),
  ),
  deletedUsersShowingIt: seats,
  /** Seats as an earlier import read them, and accounts that were never read: each may hold one more. */
  unread: z.strictObject({
    carried: z.int(),
    carriedAsOf: z.iso.datetime().nullable(),
    unknownAccounts: z.int(),
  }),
  firstReading: seats,
  history: z.array(z.strictObject({ day, entitled: seats, consumed: seats, active: seats })),
}) satisfies z.ZodType<LicenseDetail>;

export const assignmentSchema = z.strictObject({
  id: z.string(),
  person: z
    .strictObject({
      userId: z.guid(),
      displayName: z.string().nullable(),
      userPrincipalName: z.string().nullable(),
    })
    .nullable(),
  department: z.string().nullable(),
  country: z.string().nullable(),
  jobTitle: z.string().nullable(),
  blocked: z.boolean(),
  guest: z.boolean(),
  origin,
  groups: z.array(z.strictObject({ id: z.guid(), name: z.string().nullable() })),
  inError: z.boolean(),
  error: z.string().nullable(),
  assignedAt: instant,
  activity: z.enum(activities).nullable(),
  activityReason: z.enum(unavailableReasons).nullable(),
  evidenceOn: day.nullable(),
  createdAt: instant,
}) satisfies z.ZodType<AssignmentItem>;

export const assignmentPageSchema = figurePage(assignmentSchema).extend({
  reconciliationId: z.int(),
});

export const subscriptionSchema = z.strictObject({
  id: z.string(),
  licenseId: z.guid(),
  status: z.string().nullable(),
  totalUnits: seats,
  trial: z.boolean().nullable(),
  createdAt: instant,
  nextLifecycleAt: instant,
  partnerTenantId: z.string().nullable(),
}) satisfies z.ZodType<SubscriptionItem>;

export const opportunitySchema = z.strictObject({
  id: z.string(),
  connectionId: z.guid(),
  tenantName: z.string(),
  licenseId: z.guid(),
  productName: z.string(),
  skuId: z.guid().nullable(),
  kind: z.enum(opportunityKinds),
  userId: z.guid().nullable(),
  userPrincipalName: z.string().nullable(),
  displayName: z.string().nullable(),
  department: z.string().nullable(),
  reason: z.string(),
  since: day.nullable(),
  confidence: z.enum(confidences),
  origin: origin.nullable(),
  units: z.int(),
  monthlyPrice: monthlyPrice.nullable(),
}) satisfies z.ZodType<OpportunityItem>;

export const opportunitySummarySchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      kind: z.enum(opportunityKinds),
      units: z.int(),
      lowConfidenceUnits: z.int(),
      unpricedUnits: z.int(),
      exposure: z.array(money),
    }),
  ),
  exposure: z.array(money),
  reassignableNow: z.array(money),
  reducibleAtRenewal: z.array(money),
  unpricedUnits: z.int(),
  leftOut: z.record(z.string(), z.int()),
}) satisfies z.ZodType<OpportunitySummary>;
