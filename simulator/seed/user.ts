import { type Account, type AccountKind, accountAt, isNewJoiner } from "./account.ts";
import { type DayNumber, FIRST_SUCCESSFUL_SIGN_IN_DAY } from "./days.ts";
import { type Identity, identityAt } from "./identity.ts";
import { type AssignmentRow, type HeldLicense, licensesAt } from "./licenses.ts";
import { between, fractionAt } from "./random.ts";
import type { SeedTenant } from "./tenant.ts";

/** Sign-in dates as UTC days; null = the date is absent. `successful` is null before December 2023 (reference §3.5). */
export type SignIns = {
  lastSignIn: DayNumber | null;
  lastNonInteractive: DayNumber | null;
  lastSuccessful: DayNumber | null;
};

/** One account of a tenant: a pure function of the tenant's seed and its index. */
export type SeedUser = Identity & {
  enabled: boolean;
  created: DayNumber;
  /** Held SKUs, one entry per SKU. */
  licenses: readonly HeldLicense[];
  /** licenseAssignmentStates rows of SKUs the user does not hold (state Error). */
  failedRows: readonly AssignmentRow[];
  /** The last day this account was really used; null = never. */
  lastActive: DayNumber | null;
  /** null = Graph has no signInActivity property for the account. */
  signIns: SignIns | null;
  /** Mailbox size in bytes and whether an archive exists; null without a mailbox. */
  mailbox: { bytes: number; archive: boolean } | null;
};

/** What counting seats needs of an account. */
export type SeatHolder = Pick<SeedUser, "enabled" | "userType" | "licenses" | "failedRows">;

/** Account `index` of the tenant (0 ≤ index < size) as far as counting seats needs it: a fraction of the whole's cost. */
export function seatHolderAt(tenant: SeedTenant, index: number): SeatHolder {
  const account = accountAt(tenant, index);
  const { licenses, failedRows } = licensesAt(tenant, index, account);
  return { enabled: account.enabled, userType: account.userType, licenses, failedRows };
}

/** Account `index` of the tenant (0 ≤ index < size). */
export function userAt(tenant: SeedTenant, index: number): SeedUser {
  const account = accountAt(tenant, index);
  const { kind, enabled, created } = account;
  const { licenses, failedRows } = licensesAt(tenant, index, account);
  const lastActive = lastActiveOf(tenant, index, account);
  // The identity is new and nobody else's: completing it is cheaper than copying it.
  return Object.assign(identityAt(tenant, index, kind), {
    enabled,
    created,
    licenses,
    failedRows,
    lastActive,
    signIns: signInsAt(tenant, index, lastActive, created),
    mailbox: mailboxAt(tenant, index, kind, licenses),
  });
}

function lastActiveOf(tenant: SeedTenant, index: number, account: Account): DayNumber | null {
  if (index < tenant.people.length) return tenant.today - (index % 3);
  const { kind, enabled, created } = account;
  const isNew = isNewJoiner(tenant, index, kind);
  const r = isNew ? 0 : fractionAt(tenant.seed, index, 30);
  return lastActiveAt(tenant, index, kind, enabled, r, created);
}

function lastActiveAt(
  tenant: SeedTenant,
  index: number,
  kind: AccountKind,
  enabled: boolean,
  r: number,
  created: DayNumber,
): DayNumber | null {
  const { seed, today } = tenant;
  const { mix } = tenant.profile;
  if (kind === "shared-mailbox") return null;
  if (kind === "room")
    return fractionAt(seed, index, 33) < 0.6
      ? null
      : clamp(today - between(seed, index, 34, 0, 200), created, today);
  if (!enabled)
    return fractionAt(seed, index, 33) < 0.15
      ? null
      : clamp(today - between(seed, index, 34, 20, 700), created, today);
  const rest = r - mix.newJoiners;
  if (rest >= 0 && rest < mix.neverSignedIn) return null;
  if (rest >= 0 && rest < mix.neverSignedIn + mix.inactive)
    return clamp(today - between(seed, index, 34, 91, 1400), created, today);
  if (fractionAt(seed, index, 35) < 0.06)
    return clamp(today - between(seed, index, 34, 21, 90), created, today);
  return clamp(today - Math.floor(fractionAt(seed, index, 34) ** 3 * 15), created, today);
}

function clamp(day: DayNumber, min: DayNumber, max: DayNumber): DayNumber {
  return Math.min(Math.max(day, min), max);
}

function signInsAt(
  tenant: SeedTenant,
  index: number,
  lastActive: DayNumber | null,
  created: DayNumber,
): SignIns | null {
  const { seed, today } = tenant;
  const attacked = fractionAt(seed, index, 36) < tenant.profile.mix.failedSignIns;
  const failed = attacked ? clamp(today - between(seed, index, 37, 0, 20), created, today) : null;
  if (lastActive === null)
    return failed === null
      ? null
      : { lastSignIn: failed, lastNonInteractive: null, lastSuccessful: null };
  const interactive = clamp(lastActive - between(seed, index, 38, 0, 4), created, lastActive);
  return {
    lastSignIn: failed === null ? interactive : Math.max(failed, interactive),
    lastNonInteractive: lastActive,
    lastSuccessful: lastActive >= FIRST_SUCCESSFUL_SIGN_IN_DAY ? lastActive : null,
  };
}

const GIB = 2 ** 30;

function mailboxAt(
  tenant: SeedTenant,
  index: number,
  kind: AccountKind,
  licenses: readonly HeldLicense[],
): SeedUser["mailbox"] {
  const { seed } = tenant;
  const licensed = licenses.some((license) => license.sku.workloads.exchange);
  if (kind === "guest" || kind === "service") return null;
  if (kind !== "shared-mailbox" && !licensed) return null;
  const big = licensed && fractionAt(seed, index, 39) < (kind === "shared-mailbox" ? 0.45 : 0.02);
  const bytes = Math.floor(
    (big ? 50.1 + fractionAt(seed, index, 40) * 45 : fractionAt(seed, index, 40) ** 2 * 45) * GIB,
  );
  return {
    bytes,
    archive: licensed && fractionAt(seed, index, 41) < (kind === "shared-mailbox" ? 0.3 : 0.04),
  };
}
