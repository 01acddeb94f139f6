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
