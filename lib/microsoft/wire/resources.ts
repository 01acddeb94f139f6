import { z } from "zod";
import { guid, list, optional, text, units } from "./scalars.ts";

/** `GET /organization`. Source: reference/microsoft-graph.md §3.2. */
export const organizationWire = z.object({
  id: guid,
  displayName: optional(text),
  countryLetterCode: optional(text),
  verifiedDomains: optional(list),
});
export type OrganizationWire = z.infer<typeof organizationWire>;

/** An entry of `organization.verifiedDomains`. */
export const verifiedDomainWire = z.object({ name: text, isDefault: optional(z.boolean()) });

/** `GET /subscribedSkus`; all but servicePlans is nullable. Source: reference/microsoft-graph.md §3.3. */
export const subscribedSkuWire = z.object({
  skuId: guid,
  skuPartNumber: optional(text),
  appliesTo: optional(text),
  capabilityStatus: optional(text),
  consumedUnits: optional(units),
  prepaidUnits: optional(
    z.object({
      enabled: optional(units),
      warning: optional(units),
      suspended: optional(units),
      lockedOut: optional(units),
    }),
  ),
  subscriptionIds: optional(z.array(text)),
  servicePlans: optional(list),
});
export type SubscribedSkuWire = z.infer<typeof subscribedSkuWire>;

/** An entry of `subscribedSku.servicePlans`. */
export const servicePlanWire = z.object({ servicePlanId: guid });

/** `GET /directory/subscriptions`. Source: reference/microsoft-graph.md §3.4. */
export const companySubscriptionWire = z.object({
  id: text.min(1),
  commerceSubscriptionId: optional(text),
  skuId: optional(guid),
  skuPartNumber: optional(text),
  status: optional(text),
  totalLicenses: optional(units),
  isTrial: optional(z.boolean()),
  createdDateTime: optional(text),
  nextLifecycleDateTime: optional(text),
  ownerTenantId: optional(text),
});
export type CompanySubscriptionWire = z.infer<typeof companySubscriptionWire>;

/** `GET /groups`. Source: reference/microsoft-graph.md §3.9. */
export const groupWire = z.object({ id: guid, displayName: optional(text) });
export type GroupWire = z.infer<typeof groupWire>;

/** `GET /admin/reportSettings`. Source: reference/microsoft-graph.md §3.13. */
export const reportSettingsWire = z.object({ displayConcealedNames: z.boolean() });

/** The sign-in pass of `GET /users`; the property is absent for people who never signed in. Source: §3.5. */
export const signInUserWire = z.object({
  id: guid,
  signInActivity: optional(
    z.object({
      lastSuccessfulSignInDateTime: optional(text),
      lastSignInDateTime: optional(text),
      lastNonInteractiveSignInDateTime: optional(text),
    }),
  ),
});
export type SignInUserWire = z.infer<typeof signInUserWire>;
