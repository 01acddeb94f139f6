import { z } from "zod";
import { licenseResolutions, termProblems } from "#lib/domain/app-license";
import { sources } from "#lib/domain/connection";
import { matchStates, noMatchReasons } from "#lib/domain/people-matching";
import type { SkuMappingView } from "#lib/domain/sku-mapping";
import type { UnmatchedPeople } from "#lib/services/list-unmatched-people";
import { takenOverSchema } from "./schemas-connections.ts";
import { page } from "./schemas-licenses.ts";

const at = z.iso.datetime();
const day = z.iso.date().nullable();
const seats = z.int().nullable();

const product = z.strictObject({
  skuId: z.guid(),
  partNumber: z.string().nullable(),
  name: z.string(),
});
const mapped = z.strictObject({ product, by: z.string(), at, takenOver: z.boolean() }).nullable();

/** What the licenses of a managed application stand for, and what people hold without one. */
export const skuMappingSchema = z.strictObject({
  read: z.strictObject({ asOf: at, held: z.boolean() }).nullable(),
  licenses: z.array(
    z.strictObject({
      externalId: z.string(),
      listed: z.boolean(),
      name: z.string().nullable(),
      resolution: z.enum(licenseResolutions),
      product: product.nullable(),
      candidates: z.array(product),
      entitled: seats,
      terms: z.array(
        z.strictObject({
          type: z.string().nullable(),
          units: seats,
          annualCost: z.string().nullable(),
          currency: z.string().nullable(),
          startsOn: day,
          endsOn: day,
          problem: z.enum(termProblems).nullable(),
        }),
      ),
      entitledUnknown: z.string().nullable(),
      mapped,
      pending: z.boolean(),
    }),
  ),
  skus: z.array(
    z.strictObject({
      name: z.string(),
      product: product.nullable(),
      seats,
      mapped,
      pending: z.boolean(),
    }),
  ),
  open: z.int(),
  takenOver: takenOverSchema,
}) satisfies z.ZodType<SkuMappingView>;

/** People of a managed application who are not in Microsoft's own data. */
export const unmatchedPeopleSchema = page(
  z.strictObject({
    userId: z.guid(),
    displayName: z.string().nullable(),
    mail: z.string().nullable(),
    userPrincipalName: z.string().nullable(),
    seats: z.int(),
    reason: z.enum(noMatchReasons),
  }),
).extend({
  state: z.enum(matchStates),
  lookedUpIn: z
    .strictObject({ connectionId: z.guid(), source: z.enum(sources), asOf: at })
    .nullable(),
  counts: z
    .strictObject({
      objectId: z.int(),
      userPrincipalName: z.int(),
      mail: z.int(),
      unmatched: z.int(),
    })
    .nullable(),
}) satisfies z.ZodType<UnmatchedPeople>;
