import { type DayNumber, isoInstant } from "../seed/days.ts";
import type { AssignmentRow } from "../seed/licenses.ts";
import { fractionAt, guidAt } from "../seed/random.ts";
import type { SeedTenant } from "../seed/tenant.ts";
import type { SeedUser } from "../seed/user.ts";
import type { PropertyTable } from "./select.ts";

/** A user together with the tenant it is computed from. */
export type UserSource = { user: SeedUser; tenant: SeedTenant };

/** Default properties of a user row (without `$select`). */
export const userDefaults = [
  "businessPhones",
  "displayName",
  "givenName",
  "jobTitle",
  "mail",
  "mobilePhone",
  "officeLocation",
  "preferredLanguage",
  "surname",
  "userPrincipalName",
  "id",
];

const serviceOfPlan: readonly [RegExp, string][] = [
  [/^EXCHANGE/, "exchange"],
  [/^TEAMS|^MCO/, "MicrosoftCommunicationsOnline"],
  [/^SHAREPOINT|^ONEDRIVE/, "SharePoint"],
  [/^AAD|^MFA|^ENTRA/i, "AADPremiumService"],
  [/^OFFICE/, "MicrosoftOffice"],
  [/^INTUNE/, "SCO"],
  [/^YAMMER/, "YammerEnterprise"],
  [/^FLOW/, "ProcessSimple"],
  [/^POWERAPPS/, "PowerAppsService"],
  [/^BI_|POWER_BI/, "PowerBI"],
];

/** The `service` Graph names for a service plan. */
export function serviceName(planName: string): string {
  return serviceOfPlan.find(([pattern]) => pattern.test(planName))?.[1] ?? "To-Do";
}

/** The properties of `microsoft.graph.user` the simulator knows (reference §3.5). */
export const userProperties: PropertyTable<UserSource> = {
  id: ({ user }) => user.id,
  userPrincipalName: ({ user }) => user.userPrincipalName,
  displayName: ({ user }) => user.displayName,
  givenName: ({ user }) => user.givenName,
  surname: ({ user }) => user.surname,
  mail: ({ user }) => user.mail,
  mailNickname: ({ user }) => user.userPrincipalName.split("@")[0],
  accountEnabled: ({ user }) => user.enabled,
  userType: ({ user }) => user.userType,
  createdDateTime: ({ user, tenant }) => instant(user, tenant, user.created, 1),
  deletedDateTime: () => null,
  usageLocation: ({ user }) => user.usageLocation,
  country: ({ user }) => user.country,
  city: ({ user }) => user.city,
  state: ({ user }) => user.state,
  department: ({ user }) => user.department,
  jobTitle: ({ user }) => user.jobTitle,
  companyName: ({ user }) => user.companyName,
  officeLocation: ({ user }) => user.officeLocation,
  employeeId: ({ user }) => user.employeeId,
  employeeType: ({ user }) => user.employeeType,
  businessPhones: () => [],
  mobilePhone: () => null,
  preferredLanguage: () => null,
  onPremisesSyncEnabled: ({ user }) => (user.onPremises ? true : null),
  onPremisesSamAccountName: ({ user }) => user.samAccountName,
  onPremisesDistinguishedName: ({ user }) =>
    user.onPremises
      ? `CN=${user.displayName},OU=Users,OU=${user.country ?? "Service"},DC=corp,DC=local`
      : null,
  onPremisesExtensionAttributes: ({ user }) =>
    Object.fromEntries(
      Array.from({ length: 15 }, (_, i) => [
        `extensionAttribute${i + 1}`,
        i === 0 && user.onPremises ? user.companyName : null,
      ]),
    ),
  externalUserState: ({ user }) =>
    user.userType === "Guest"
      ? user.lastActive === null
        ? "PendingAcceptance"
        : "Accepted"
      : null,
  creationType: ({ user }) => (user.userType === "Guest" ? "Invitation" : null),
  isResourceAccount: () => null,
  assignedLicenses: ({ user, tenant }) =>
    user.licenses.map(({ sku, disabledPlans }) => ({
      disabledPlans,
      skuId: spelledSkuId(sku.skuId, user, tenant),
    })),
  licenseAssignmentStates: ({ user, tenant }) => [
    ...user.licenses.flatMap((license) =>
      license.rows.map((row) => stateRow(user, tenant, row, license.disabledPlans)),
    ),
    ...user.failedRows.map((row) => stateRow(user, tenant, row, [])),
  ],
  assignedPlans: ({ user, tenant }) => assignedPlans(user, tenant),
  signInActivity: ({ user, tenant }) => signInActivity(user, tenant),
};

/** Graph spells a GUID in upper case now and then. */
export function spelledSkuId(skuId: string, user: SeedUser, tenant: SeedTenant): string {
  return fractionAt(tenant.seed, user.index, 200) < tenant.profile.mix.upperCaseGuids
    ? skuId.toUpperCase()
    : skuId;
}

/** An instant of the day; on the current day just after midnight, so that nothing lies in the future. */
function instant(user: SeedUser, tenant: SeedTenant, day: DayNumber, salt: number): string {
  return isoInstant(day, day === tenant.today ? 1 : 420 + ((user.index * 37 + salt * 101) % 660));
}

/** `lastUpdatedDateTime` of an assignment row. */
export function stateInstant({ user, tenant }: UserSource, row: AssignmentRow): string {
  return instant(user, tenant, row.updated, 2);
}

function stateRow(
  user: SeedUser,
  tenant: SeedTenant,
  row: AssignmentRow,
  disabledPlans: readonly string[],
) {
  return {
    skuId: row.sku.skuId,
    disabledPlans,
    assignedByGroup: row.group,
    state: row.state,
    error: row.error,
    lastUpdatedDateTime: stateInstant({ user, tenant }, row),
  };
}

function assignedPlans(user: SeedUser, tenant: SeedTenant) {
  const plans = new Map<
    string,
    { assignedDateTime: string; capabilityStatus: string; service: string; servicePlanId: string }
  >();
  for (const { sku, disabledPlans, rows } of user.licenses) {
    const assigned = instant(user, tenant, rows[0]?.updated ?? user.created, 2);
    for (const plan of sku.plans) {
      if (disabledPlans.includes(plan.id) || plans.has(plan.id)) continue;
      plans.set(plan.id, {
        assignedDateTime: assigned,
        capabilityStatus: "Enabled",
        service: serviceName(plan.name),
        servicePlanId: plan.id,
      });
    }
  }
  return [...plans.values()];
}

const YEAR_ONE = "0001-01-01T00:00:00Z";

function signInActivity(user: SeedUser, tenant: SeedTenant) {
  if (!user.signIns) return undefined;
  const { lastSignIn, lastNonInteractive, lastSuccessful } = user.signIns;
  // An absent date is written as null, and by some rows as year 0001 (reference §3.5).
  const absent = user.index % 3 === 0 ? YEAR_ONE : null;
  const written = (day: DayNumber | null, salt: number) =>
    day === null ? absent : instant(user, tenant, day, salt);
  const requestId = (day: number | null, salt: number) =>
    day === null ? null : guidAt(tenant.seed, user.index, salt);
  return {
    lastSignInDateTime: written(lastSignIn, 3),
    lastSignInRequestId: requestId(lastSignIn, 210),
    lastNonInteractiveSignInDateTime: written(lastNonInteractive, 4),
    lastNonInteractiveSignInRequestId: requestId(lastNonInteractive, 211),
    lastSuccessfulSignInDateTime: written(lastSuccessful, 4),
    lastSuccessfulSignInRequestId: requestId(lastSuccessful, 212),
  };
}
