import { isoInstant } from "../seed/days.ts";
import { subscribedSkusOf } from "../seed/subscriptions.ts";
import type { Tenant } from "../store/tenant.ts";
import type { Endpoint } from "./endpoint.ts";
import { GraphFailure, graphErrors } from "./errors.ts";
import { pageBody } from "./paging.ts";
import { capabilityStatus } from "./subscribed-skus.ts";
import { serviceName } from "./user-properties.ts";

/** `GET /organization` (reference §3.2). */
export const organizationEndpoint: Endpoint = {
  stream: "organization",
  name: "organization",
  permissions: ["Organization.Read.All", "User.Read.All", "Directory.Read.All"],
  handle: async (call) => {
    const select = call.query.get("$select");
    const wantsPlans = select === null || /(assigned|provisioned)Plans/.test(select);
    const row = organizationRow(call.tenant, wantsPlans ? await assignedPlansOf(call.tenant) : []);
    const names = select === null ? Object.keys(row) : select.split(",").map((name) => name.trim());
    const missing = names.find((name) => !(name in row));
    if (missing !== undefined)
      throw new GraphFailure(graphErrors.unknownProperty(missing, "organization"));
    const faulty = call.tenant.faults.hit("bad-rows", call.situation) ? { ...row, id: 42 } : row;
    const selected = Object.fromEntries(
      Object.entries(faulty).filter(([name]) => names.includes(name)),
    );
    return { body: pageBody(call, "organization", { rows: [selected], next: undefined }) };
  },
};

type AssignedPlan = {
  assignedDateTime: string;
  capabilityStatus: string;
  service: string;
  servicePlanId: string;
};

/** Plans of all listed SKUs. Their status needs the seats counted, which takes seconds in a large tenant. */
async function assignedPlansOf(tenant: Tenant): Promise<AssignedPlan[]> {
  const seed = tenant.seed();
  const subscribed = subscribedSkusOf(seed, await tenant.fullTotals()).filter((row) => row.listed);
  const plans = new Map(
    subscribed.flatMap((row) =>
      row.sku.plans.map((plan) => [plan.id, { plan, status: capabilityStatus(row) }] as const),
    ),
  );
  return [...plans.values()].map(({ plan, status }) => ({
    assignedDateTime: isoInstant(seed.today - 500),
    capabilityStatus: status,
    service: serviceName(plan.name),
    servicePlanId: plan.id,
  }));
}

function organizationRow(
  tenant: Tenant,
  assignedPlans: readonly AssignedPlan[],
): Record<string, unknown> {
  const { spec } = tenant;
  const seed = tenant.seed();
  return {
    id: spec.id,
    deletedDateTime: null,
    businessPhones: [],
    city: null,
    country: null,
    countryLetterCode: spec.countryLetterCode,
    createdDateTime: isoInstant(seed.today - 2900, 600),
    defaultUsageLocation: null,
    displayName: spec.name,
    isMultipleDataLocationsForServicesEnabled: null,
    marketingNotificationEmails: [],
    onPremisesLastSyncDateTime: seed.profile.mix.onPremises > 0 ? isoInstant(seed.today) : null,
    onPremisesSyncEnabled: seed.profile.mix.onPremises > 0 ? true : null,
    partnerTenantType: null,
    postalCode: null,
    preferredLanguage: "en",
    securityComplianceNotificationMails: [],
    securityComplianceNotificationPhones: [],
    state: null,
    street: null,
    technicalNotificationMails: [`it@${spec.domains[1] ?? spec.domains[0] ?? ""}`],
    tenantType: "AAD",
    directorySizeQuota: { used: spec.size * 3, total: 300_000 },
    privacyProfile: null,
    assignedPlans,
    provisionedPlans: [...new Set(assignedPlans.map((plan) => plan.service))].map((service) => ({
      capabilityStatus: "Enabled",
      provisioningStatus: "Success",
      service,
    })),
    verifiedDomains: spec.domains.map((name, i) => ({
      capabilities: "Email, OfficeCommunicationsOnline",
      isDefault: i === Math.min(1, spec.domains.length - 1),
      isInitial: i === 0,
      name,
      type: "Managed",
    })),
  };
}
