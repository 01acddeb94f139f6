import { z } from "zod";
import { changeKinds } from "#lib/domain/change";
import type { ChangeItem, ChangeSummary } from "#lib/domain/change-models";
import { instant, page } from "./schemas-licenses.ts";

/** Units; null = not reported, or not listed. */
const units = z.int().nullable();
const at = z.iso.datetime();

export const changeSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(changeKinds),
  at,
  importId: z.guid().nullable(),
  licenseId: z.guid().nullable(),
  skuId: z.guid(),
  productName: z.string(),
  person: z
    .strictObject({
      userId: z.guid(),
      displayName: z.string().nullable(),
      userPrincipalName: z.string().nullable(),
    })
    .nullable(),
  count: z.int(),
  before: units,
  after: units,
}) satisfies z.ZodType<ChangeItem>;

const summarySchema = z.strictObject({
  first: z.boolean(),
  previousAsOf: instant,
  asOf: at,
  counts: z.array(
    z.strictObject({
      kind: z.enum(changeKinds),
      licenseId: z.guid().nullable(),
      skuId: z.guid(),
      productName: z.string(),
      count: z.int(),
    }),
  ),
}) satisfies z.ZodType<ChangeSummary>;

/** The changes of the newest import are still being found: nothing of them is told before all are. */
const comparing = z.boolean();

export const importChangesSchema = page(changeSchema).extend({
  summary: summarySchema.nullable(),
  comparing,
});

export const licenseChangesSchema = page(changeSchema).extend({ comparing });
