import { z } from "zod";
import { sources } from "#lib/domain/connection";
import { retiredReasons } from "#lib/domain/license";
import { supersedingSources } from "#lib/domain/precedence";
import type { SwitchPreview } from "#lib/domain/switch-preview";
import { tenantChoices } from "#lib/domain/switching";
import type { SwitchView } from "#lib/services/get-switch-preview";
import type { SwitchList } from "#lib/services/list-switches";
import { instant } from "./schemas-licenses.ts";

const at = z.iso.datetime();
const seats = z.int().nullable();
const by = z.enum(supersedingSources);
/** Null = the whole workspace. */
const tenantId = z.guid().nullable();
const reason = z.enum(retiredReasons).nullable();

const supersession = z.strictObject({
  id: z.guid(),
  by,
  tenantId,
  keptTenantIds: z.array(z.guid()),
  createdBy: z.string(),
  createdAt: at,
});

const parallelRun = z.strictObject({
  id: z.guid(),
  by,
  tenantId,
  days: z.int(),
  startedBy: z.string(),
  startedAt: at,
  switchAt: at,
  obstacle: z.string().nullable(),
});

const named = { tenantName: z.string().nullable(), connectionId: z.guid().nullable() };

/** The switches in force and those asked for ahead. */
export const switchListSchema = z.strictObject({
  inForce: z.array(supersession.extend(named)),
  parallelRuns: z.array(parallelRun.extend(named)),
  /** Tenants per source with published numbers. */
  tenants: z.strictObject({
    "microsoft-365": z.int(),
    "office-365-deprecated": z.int(),
    "saas-management": z.int(),
  }),
}) satisfies z.ZodType<SwitchList>;

const totals = z.strictObject({
  licenses: z.int(),
  atRisk: z.int(),
  unknown: z.int(),
  entitled: z.int(),
  consumed: z.int(),
  shortfall: z.int(),
  surplus: z.int(),
});

const license = z.strictObject({
  licenseId: z.guid(),
  connectionId: z.guid(),
  source: z.enum(sources),
  tenantId: z.guid(),
  skuId: z.guid().nullable(),
  productName: z.string(),
  partNumber: z.string().nullable(),
  type: z.enum(["named-user", "tenant"]),
  now: reason,
  after: reason,
  entitled: seats,
  consumed: seats,
  counterpart: z
    .strictObject({
      licenseId: z.guid(),
      entitled: seats,
      consumed: seats,
      difference: z.strictObject({ entitled: seats, consumed: seats }),
    })
    .nullable(),
  disagrees: z.boolean(),
});

const obstacle = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("not-imported") }),
  z.strictObject({ kind: z.literal("nothing-to-supersede") }),
  z.strictObject({ kind: z.literal("undecided-tenants"), tenantIds: z.array(z.guid()) }),
  z.strictObject({ kind: z.literal("counts-disagree"), licenses: z.int() }),
]);

const preview = z.strictObject({
  by,
  tenantId,
  tenants: z.array(
    z.strictObject({
      tenantId: z.guid(),
      tenantName: z.string(),
      successor: z.strictObject({ connectionId: z.guid(), asOf: instant }).nullable(),
      licenses: z.int(),
      unmatched: z.int(),
      before: totals,
      after: totals,
      choice: z.enum(tenantChoices).nullable(),
      needsChoice: z.boolean(),
    }),
  ),
  licenses: z.array(license),
  added: z.array(license),
  before: totals,
  after: totals,
  obstacle: obstacle.nullable(),
  changed: z.array(z.guid()),
}) satisfies z.ZodType<SwitchPreview>;

/** What a switch would do, what is in force, and what taking that back would do. */
export const switchViewSchema = z.strictObject({
  preview,
  inForce: supersession.nullable(),
  undo: preview.nullable(),
  parallelRun: parallelRun.nullable(),
}) satisfies z.ZodType<SwitchView>;

export const startedParallelRunSchema = z.strictObject({ id: z.guid(), switchAt: at });
