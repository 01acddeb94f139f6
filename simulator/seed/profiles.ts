import type { SkuKey } from "./skus.ts";

/** Keys of the licensing groups a profile may have. */
export type GroupKey =
  | "m365-e5"
  | "m365-e3"
  | "m365-f3"
  | "copilot"
  | "entra-p2"
  | "acquired-e3"
  | "business";

/** One way people get a SKU: assigned directly or through a licensing group. */
export type Grant = { sku: SkuKey; via: "direct" | GroupKey };

/** A SKU given to a share of the people who hold one of `on` (or to anyone licensed when absent). */
export type AddOn = Grant & { share: number; on?: readonly SkuKey[] };

/** A commercial subscription. Its units are fixed (`units`), a ratio of the tenant's
 * consumed units (`ratio`), or a free pool that Microsoft enlarges in whole steps when it is used up (`pool`). */
export type SubscriptionRule = {
  sku: SkuKey;
  status: "Enabled" | "Warning" | "Suspended" | "LockedOut";
  size: { ratio: number } | { units: number } | { pool: number };
  createdDaysAgo: number;
  /** Days until the next lifecycle step; null when Microsoft gives no date. */
  lifecycleInDays: number | null;
  trial?: boolean;
  partner?: boolean;
};

/** Shares (0 to 1) of all accounts, or of the people where so named. */
export type Mix = {
  guests: number;
  sharedMailboxes: number;
  rooms: number;
  serviceAccounts: number;
  blockedPeople: number;
  neverSignedIn: number;
  inactive: number;
  newJoiners: number;
  onPremises: number;
  /** People who also hold a group's SKU directly. */
  doubles: number;
  /** People with a row in state Error for a SKU they do not hold. */
  groupErrors: number;
  /** People whose working group row carries an error. */
  activeWithError: number;
  /** Held SKUs without a licenseAssignmentStates row (reference §3.5, a historic Graph bug). */
  missingStates: number;
  /** Rows that spell a SKU's GUID in upper case. */
  upperCaseGuids: number;
  /** Accounts whose recent sign-ins all failed. */
  failedSignIns: number;
};

/** How a kind of tenant looks. */
export type Profile = {
  mix: Mix;
  groups: readonly { key: GroupKey; name: string; skus: readonly SkuKey[] }[];
  /** Base licenses of people, by weight; an empty list is a person without a license. */
  bundles: readonly { weight: number; grants: readonly Grant[] }[];
  addOns: readonly AddOn[];
  roomSku: SkuKey;
  sharedMailboxSku: SkuKey;
  serviceSku: SkuKey;
  subscriptions: readonly SubscriptionRule[];
  /** Held, but absent from subscribedSkus. */
  unlisted: readonly SkuKey[];
  companies: readonly string[];
};

export type ProfileName = "tidy" | "acquired" | "small";

const tidyMix: Mix = {
  guests: 0.02,
  sharedMailboxes: 0.025,
  rooms: 0.01,
  serviceAccounts: 0.008,
  blockedPeople: 0.03,
  neverSignedIn: 0.05,
  inactive: 0.12,
  newJoiners: 0.025,
  onPremises: 0.7,
  doubles: 0.02,
  groupErrors: 0.004,
  activeWithError: 0.003,
  missingStates: 0.001,
  upperCaseGuids: 0.01,
  failedSignIns: 0.02,
};

const tidy: Profile = {
  mix: tidyMix,
  groups: [
    { key: "m365-e5", name: "LIC Microsoft 365 E5", skus: ["SPE_E5"] },
    { key: "m365-e3", name: "LIC Microsoft 365 E3", skus: ["SPE_E3"] },
    { key: "m365-f3", name: "LIC Microsoft 365 F3 Frontline", skus: ["SPE_F1"] },
    { key: "copilot", name: "LIC Copilot pilot group", skus: ["Microsoft_365_Copilot"] },
    { key: "entra-p2", name: "LIC Entra ID P2 privileged users", skus: ["AAD_PREMIUM_P2"] },
  ],
  bundles: [
    { weight: 26, grants: [{ sku: "SPE_E5", via: "m365-e5" }] },
    { weight: 40, grants: [{ sku: "SPE_E3", via: "m365-e3" }] },
    { weight: 6, grants: [{ sku: "SPE_E3", via: "direct" }] },
    { weight: 20, grants: [{ sku: "SPE_F1", via: "m365-f3" }] },
    { weight: 4, grants: [{ sku: "EXCHANGESTANDARD", via: "direct" }] },
    { weight: 4, grants: [] },
  ],
  addOns: [
    { sku: "Microsoft_365_Copilot", via: "copilot", share: 0.1, on: ["SPE_E5", "SPE_E3"] },
    { sku: "AAD_PREMIUM_P2", via: "entra-p2", share: 0.08, on: ["SPE_E3"] },
    { sku: "VISIOCLIENT", via: "direct", share: 0.06, on: ["SPE_E5", "SPE_E3"] },
    { sku: "PROJECTPROFESSIONAL", via: "direct", share: 0.05, on: ["SPE_E5", "SPE_E3"] },
    { sku: "POWER_BI_PRO", via: "direct", share: 0.07, on: ["SPE_E3"] },
    { sku: "FLOW_FREE", via: "direct", share: 0.3 },
    { sku: "POWER_BI_STANDARD", via: "direct", share: 0.18 },
  ],
  roomSku: "Microsoft_Teams_Rooms_Pro",
  sharedMailboxSku: "EXCHANGEENTERPRISE",
  serviceSku: "SPE_E3",
  subscriptions: [
    {
      sku: "SPE_E5",
      status: "Enabled",
      size: { ratio: 0.8 },
      createdDaysAgo: 820,
      lifecycleInDays: 140,
    },
    {
      sku: "SPE_E5",
      status: "Enabled",
      size: { ratio: 0.27 },
      createdDaysAgo: 300,
      lifecycleInDays: 65,
    },
    {
      sku: "SPE_E3",
      status: "Enabled",
      size: { ratio: 1.09 },
      createdDaysAgo: 820,
      lifecycleInDays: 140,
    },
    {
      sku: "SPE_E3",
      status: "Suspended",
      size: { ratio: 0.05 },
      createdDaysAgo: 1300,
      lifecycleInDays: 20,
    },
    {
      sku: "SPE_F1",
      status: "Enabled",
      size: { ratio: 0.94 },
      createdDaysAgo: 820,
      lifecycleInDays: 140,
    },
    {
      sku: "SPE_F1",
      status: "Warning",
      size: { ratio: 0.1 },
      createdDaysAgo: 740,
      lifecycleInDays: 12,
      partner: true,
    },
    {
      sku: "EXCHANGESTANDARD",
      status: "Enabled",
      size: { ratio: 1.02 },
      createdDaysAgo: 400,
      lifecycleInDays: 330,
    },
    {
      sku: "EXCHANGEENTERPRISE",
      status: "Enabled",
      size: { ratio: 1.25 },
      createdDaysAgo: 400,
      lifecycleInDays: 330,
    },
    {
      sku: "Microsoft_365_Copilot",
      status: "Enabled",
      size: { ratio: 1.12 },
      createdDaysAgo: 260,
      lifecycleInDays: 105,
    },
    {
      sku: "AAD_PREMIUM_P2",
      status: "Enabled",
      size: { ratio: 1.0 },
      createdDaysAgo: 500,
      lifecycleInDays: 230,
    },
    {
      sku: "VISIOCLIENT",
      status: "Enabled",
      size: { ratio: 1.18 },
      createdDaysAgo: 500,
      lifecycleInDays: 230,
      partner: true,
    },
    {
      sku: "PROJECTPROFESSIONAL",
      status: "Enabled",
      size: { ratio: 0.97 },
      createdDaysAgo: 500,
      lifecycleInDays: 230,
      partner: true,
    },
    {
      sku: "POWER_BI_PRO",
      status: "Enabled",
      size: { ratio: 1.05 },
      createdDaysAgo: 200,
      lifecycleInDays: 165,
    },
    {
      sku: "POWER_BI_PRO",
      status: "Enabled",
      size: { units: 25 },
      createdDaysAgo: 12,
      lifecycleInDays: 18,
      trial: true,
    },
    {
      sku: "Microsoft_Teams_Rooms_Pro",
      status: "Enabled",
      size: { ratio: 1.1 },
      createdDaysAgo: 600,
      lifecycleInDays: 130,
    },
    {
      sku: "FLOW_FREE",
      status: "Enabled",
      size: { pool: 10_000 },
      createdDaysAgo: 1500,
      lifecycleInDays: null,
    },
    {
      sku: "POWER_BI_STANDARD",
      status: "Enabled",
      size: { pool: 1_000_000 },
      createdDaysAgo: 1500,
      lifecycleInDays: null,
    },
    {
      sku: "SHAREPOINTSTORAGE",
      status: "Enabled",
      size: { units: 500 },
      createdDaysAgo: 700,
      lifecycleInDays: 30,
    },
    {
      sku: "MCOPSTNC",
      status: "Enabled",
      size: { units: 1 },
      createdDaysAgo: 700,
      lifecycleInDays: null,
    },
  ],
  unlisted: [],
  companies: ["Contoso Ltd", "Contoso Manufacturing GmbH", "Contoso Services Pvt Ltd"],
};

const acquired: Profile = {
  mix: {
    ...tidyMix,
    guests: 0.05,
    sharedMailboxes: 0.05,
    serviceAccounts: 0.02,
    blockedPeople: 0.14,
    neverSignedIn: 0.15,
    inactive: 0.18,
    doubles: 0.08,
    groupErrors: 0.03,
    activeWithError: 0.015,
    missingStates: 0.006,
    upperCaseGuids: 0.05,
    failedSignIns: 0.06,
  },
  groups: [
    { key: "m365-e3", name: "SG-License-M365E3", skus: ["SPE_E3"] },
    { key: "acquired-e3", name: "Proseware O365 E3 (migrated)", skus: ["ENTERPRISEPACK", "EMS"] },
    { key: "business", name: "Proseware Business Premium", skus: ["SPB"] },
  ],
  bundles: [
    { weight: 30, grants: [{ sku: "SPE_E3", via: "m365-e3" }] },
    { weight: 12, grants: [{ sku: "SPE_E3", via: "direct" }] },
    {
      weight: 22,
      grants: [
        { sku: "ENTERPRISEPACK", via: "acquired-e3" },
        { sku: "EMS", via: "acquired-e3" },
      ],
    },
    {
      weight: 6,
      grants: [
        { sku: "SPE_E3", via: "m365-e3" },
        { sku: "ENTERPRISEPACK", via: "acquired-e3" },
      ],
    },
    { weight: 12, grants: [{ sku: "SPB", via: "business" }] },
    { weight: 6, grants: [{ sku: "STANDARDPACK", via: "direct" }] },
    { weight: 5, grants: [{ sku: "EXCHANGESTANDARD", via: "direct" }] },
    { weight: 7, grants: [] },
  ],
  addOns: [
    { sku: "VISIOCLIENT", via: "direct", share: 0.07 },
    { sku: "PROJECTPROFESSIONAL", via: "direct", share: 0.05, on: ["SPE_E3", "ENTERPRISEPACK"] },
    { sku: "AAD_PREMIUM", via: "direct", share: 0.1, on: ["STANDARDPACK", "EXCHANGESTANDARD"] },
    { sku: "POWER_BI_PRO", via: "direct", share: 0.06 },
    { sku: "FLOW_FREE", via: "direct", share: 0.25 },
    { sku: "POWER_BI_STANDARD", via: "direct", share: 0.15 },
    { sku: "POWERAPPS_VIRAL", via: "direct", share: 0.02 },
  ],
  roomSku: "Microsoft_Teams_Rooms_Basic",
  sharedMailboxSku: "EXCHANGEENTERPRISE",
  serviceSku: "ENTERPRISEPACK",
  subscriptions: [
    {
      sku: "SPE_E3",
      status: "Enabled",
      size: { ratio: 0.7 },
      createdDaysAgo: 900,
      lifecycleInDays: 80,
    },
    {
      sku: "SPE_E3",
      status: "Enabled",
      size: { ratio: 0.22 },
      createdDaysAgo: 210,
      lifecycleInDays: 150,
      partner: true,
    },
    {
      sku: "SPE_E3",
      status: "Warning",
      size: { ratio: 0.15 },
      createdDaysAgo: 380,
      lifecycleInDays: 9,
      partner: true,
    },
    {
      sku: "ENTERPRISEPACK",
      status: "Enabled",
      size: { ratio: 0.88 },
      createdDaysAgo: 1100,
      lifecycleInDays: 33,
      partner: true,
    },
    {
      sku: "ENTERPRISEPACK",
      status: "Suspended",
      size: { ratio: 0.3 },
      createdDaysAgo: 1460,
      lifecycleInDays: 44,
    },
    {
      sku: "EMS",
      status: "Enabled",
      size: { ratio: 1.2 },
      createdDaysAgo: 1100,
      lifecycleInDays: 33,
      partner: true,
    },
    {
      sku: "SPB",
      status: "Enabled",
      size: { ratio: 1.3 },
      createdDaysAgo: 640,
      lifecycleInDays: 90,
    },
    {
      sku: "STANDARDPACK",
      status: "LockedOut",
      size: { ratio: 0.6 },
      createdDaysAgo: 1900,
      lifecycleInDays: 5,
    },
    {
      sku: "STANDARDPACK",
      status: "Warning",
      size: { ratio: 1.0 },
      createdDaysAgo: 1500,
      lifecycleInDays: 21,
    },
    {
      sku: "VISIOCLIENT",
      status: "Suspended",
      size: { ratio: 1.1 },
      createdDaysAgo: 800,
      lifecycleInDays: 60,
    },
    {
      sku: "PROJECTPROFESSIONAL",
      status: "Enabled",
      size: { ratio: 1.6 },
      createdDaysAgo: 420,
      lifecycleInDays: 310,
    },
    {
      sku: "AAD_PREMIUM",
      status: "Enabled",
      size: { ratio: 2 },
      createdDaysAgo: 420,
      lifecycleInDays: 310,
    },
    {
      sku: "POWER_BI_PRO",
      status: "Enabled",
      size: { ratio: 1.02 },
      createdDaysAgo: 5,
      lifecycleInDays: 25,
      trial: true,
    },
    {
      sku: "EXCHANGEENTERPRISE",
      status: "Enabled",
      size: { ratio: 1.1 },
      createdDaysAgo: 420,
      lifecycleInDays: 310,
    },
    {
      sku: "Microsoft_Teams_Rooms_Basic",
      status: "Enabled",
      size: { units: 25 },
      createdDaysAgo: 420,
      lifecycleInDays: null,
    },
    {
      sku: "FLOW_FREE",
      status: "Enabled",
      size: { pool: 10_000 },
      createdDaysAgo: 1400,
      lifecycleInDays: null,
    },
    {
      sku: "POWER_BI_STANDARD",
      status: "Enabled",
      size: { pool: 1_000_000 },
      createdDaysAgo: 1400,
      lifecycleInDays: null,
    },
    {
      sku: "POWERAPPS_VIRAL",
      status: "Enabled",
      size: { pool: 10_000 },
      createdDaysAgo: 900,
      lifecycleInDays: null,
      trial: true,
    },
    {
      sku: "SHAREPOINTSTORAGE",
      status: "Suspended",
      size: { units: 200 },
      createdDaysAgo: 900,
      lifecycleInDays: 15,
    },
  ],
  unlisted: ["EXCHANGESTANDARD"],
  companies: ["Fabrikam Inc", "Proseware GmbH", "Proseware UK Ltd"],
};

const small: Profile = {
  mix: { ...tidyMix, guests: 0.03, onPremises: 0, groupErrors: 0, activeWithError: 0, doubles: 0 },
  groups: [],
  bundles: [
    { weight: 70, grants: [{ sku: "O365_BUSINESS_PREMIUM", via: "direct" }] },
    { weight: 18, grants: [{ sku: "EXCHANGESTANDARD", via: "direct" }] },
    { weight: 6, grants: [{ sku: "STANDARDPACK", via: "direct" }] },
    { weight: 6, grants: [] },
  ],
  addOns: [
    { sku: "POWER_BI_PRO", via: "direct", share: 0.1, on: ["O365_BUSINESS_PREMIUM"] },
    { sku: "Microsoft_365_Copilot", via: "direct", share: 0.08, on: ["O365_BUSINESS_PREMIUM"] },
    { sku: "FLOW_FREE", via: "direct", share: 0.2 },
  ],
  roomSku: "Microsoft_Teams_Rooms_Basic",
  sharedMailboxSku: "EXCHANGEENTERPRISE",
  serviceSku: "EXCHANGESTANDARD",
  subscriptions: [
    {
      sku: "O365_BUSINESS_PREMIUM",
      status: "Enabled",
      size: { ratio: 1.12 },
      createdDaysAgo: 500,
      lifecycleInDays: 48,
      partner: true,
    },
    {
      sku: "EXCHANGESTANDARD",
      status: "Enabled",
      size: { ratio: 1 },
      createdDaysAgo: 500,
      lifecycleInDays: 48,
      partner: true,
    },
    {
      sku: "STANDARDPACK",
      status: "Enabled",
      size: { ratio: 0.75 },
      createdDaysAgo: 700,
      lifecycleInDays: 30,
    },
    {
      sku: "EXCHANGEENTERPRISE",
      status: "Enabled",
      size: { ratio: 1.5 },
      createdDaysAgo: 300,
      lifecycleInDays: 65,
    },
    {
      sku: "POWER_BI_PRO",
      status: "Enabled",
      size: { ratio: 1.4 },
      createdDaysAgo: 150,
      lifecycleInDays: 215,
    },
    {
      sku: "Microsoft_365_Copilot",
      status: "Enabled",
      size: { ratio: 1.25 },
      createdDaysAgo: 90,
      lifecycleInDays: 275,
    },
    {
      sku: "Microsoft_Teams_Rooms_Basic",
      status: "Enabled",
      size: { units: 10 },
      createdDaysAgo: 300,
      lifecycleInDays: null,
    },
    {
      sku: "FLOW_FREE",
      status: "Enabled",
      size: { pool: 10_000 },
      createdDaysAgo: 800,
      lifecycleInDays: null,
    },
  ],
  unlisted: [],
  companies: ["Northwind Traders"],
};

/** The kinds of tenant a specification can name. */
export const profiles: Readonly<Record<ProfileName, Profile>> = { tidy, acquired, small };
