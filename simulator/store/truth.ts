import { deletedUserCount } from "../graph/deleted-users.ts";
import { namesConcealed, refreshDay } from "../reports/document.ts";
import { type DayNumber, FIRST_SUCCESSFUL_SIGN_IN_DAY, isoDate, isoInstant } from "../seed/days.ts";
import { subscribedSkusOf, subscriptionsOf } from "../seed/subscriptions.ts";
import { originOf } from "../seed/totals.ts";
import { usageAt } from "../seed/usage.ts";
import type { SeedUser } from "../seed/user.ts";
import type { Tenant } from "./tenant.ts";

const day = (value: DayNumber | null): string | null => (value === null ? null : isoDate(value));

/**
 * What an importer must find: counts per SKU in seats (distinct users that are listed and not deleted). Follows the
 * faults that change the tenant itself, not those that only damage answers.
 */
export async function truthOf(tenant: Tenant) {
  const seed = tenant.seed();
  const totals = await tenant.totals();
  const full = await tenant.fullTotals();
  const rows = subscribedSkusOf(seed, full);
  const subscriptions = subscriptionsOf(seed, full);
  const listed = new Map(rows.map((row) => [row.sku.skuId, row]));
  const skuIds = [...new Set([...listed.keys(), ...totals.skus.keys()])].sort();
  return {
    tenantId: tenant.spec.id,
    displayName: tenant.spec.name,
    today: isoDate(seed.today),
    users: {
      listed: tenant.userCount(),
      counted: totals.users,
      blocked: totals.blocked,
      guests: totals.guests,
      licensed: totals.licensed,
    },
    deletedUsers: deletedUserCount(tenant),
    groups: seed.groups.map((group) => ({ id: group.id, name: group.name })),
    reports: { refreshDate: isoDate(refreshDay(tenant)), concealed: namesConcealed(tenant) },
    skus: skuIds.map((skuId) => {
      const row = listed.get(skuId);
      const counts = totals.skus.get(skuId);
      return {
        skuId,
        partNumber: row?.sku.partNumber ?? null,
        appliesTo: row?.sku.appliesTo ?? null,
        listed: row?.listed ?? false,
        units: row?.listed ? row.units : null,
        trialUnits: subscriptions
          .filter((subscription) => subscription.sku.skuId === skuId && subscription.trial)
          .reduce((sum, subscription) => sum + subscription.units, 0),
        subscriptionIds: row?.subscriptionIds ?? [],
        holders: counts?.holders ?? 0,
        assigned: {
          direct: counts?.direct ?? 0,
          group: counts?.group ?? 0,
          both: counts?.both ?? 0,
          unknown: counts?.unknown ?? 0,
          errors: counts?.errors ?? 0,
        },
        blocked: counts?.blocked ?? 0,
        guests: counts?.guests ?? 0,
      };
    }),
    subscriptions: subscriptions.map((subscription) => ({
      id: subscription.id,
      skuId: subscription.sku.skuId,
      status: subscription.status,
      units: subscription.units,
      trial: subscription.trial,
      nextLifecycle: day(subscription.nextLifecycle),
    })),
  };
}

/** One row per (user, SKU) held, and per SKU a user fails to hold (`held: false`). */
export function* truthAssignments(tenant: Tenant): Generator<Record<string, unknown>> {
  for (const user of tenant.consumers()) {
    for (const license of user.licenses) {
      const working = license.rows.filter((row) => row.state !== "Error");
      yield {
        userId: user.id,
        userPrincipalName: user.userPrincipalName,
        skuId: license.sku.skuId,
        held: true,
        origin: originOf(license),
        error: license.rows.some((row) => row.state !== "Active"),
        groupIds: license.rows.flatMap((row) => (row.group === null ? [] : [row.group])),
        since:
          working.length === 0 ? null : isoDate(Math.min(...working.map((row) => row.updated))),
      };
    }
    for (const row of user.failedRows) {
      yield {
        userId: user.id,
        userPrincipalName: user.userPrincipalName,
        skuId: row.sku.skuId,
        held: false,
        origin: null,
        error: true,
        groupIds: row.group === null ? [] : [row.group],
        since: null,
      };
    }
  }
}

/** One row per counted user. `evidence` has the latest dates that count as use (DESIGN §5), per dataset. */
export function* truthUsers(tenant: Tenant): Generator<Record<string, unknown>> {
  const seed = tenant.seed();
  const refresh = refreshDay(tenant);
  for (const user of tenant.consumers()) {
    const usage = usageAt(seed, user, refresh);
    const { exchange, oneDrive, sharePoint, teams, yammer, apps, copilot } = usage;
    const used = [exchange, oneDrive, sharePoint, teams, yammer, apps, copilot].filter(
      (value) => value !== null,
    );
    yield {
      userId: user.id,
      userPrincipalName: user.userPrincipalName,
      displayName: user.displayName,
      kind: user.kind,
      blocked: !user.enabled,
      guest: user.userType === "Guest",
      created: isoDate(user.created),
      department: user.department,
      country: user.country,
      skuIds: user.licenses.map((license) => license.sku.skuId),
      evidence: {
        signIns: day(signInEvidence(user)),
        usage: used.length === 0 ? null : isoDate(Math.max(...used)),
      },
      signIns: user.signIns && {
        lastSignIn: day(user.signIns.lastSignIn),
        lastNonInteractive: day(user.signIns.lastNonInteractive),
        lastSuccessful: day(user.signIns.lastSuccessful),
      },
      lastActive: day(user.lastActive),
      mailbox: user.mailbox,
      asOf: isoInstant(seed.today),
    };
  }
}

/** The successful sign-in; before December 2023, when it was not recorded, the other two dates (DESIGN §5). */
function signInEvidence(user: SeedUser): DayNumber | null {
  if (!user.signIns) return null;
  const { lastSuccessful, lastSignIn, lastNonInteractive } = user.signIns;
  if (lastSuccessful !== null) return lastSuccessful;
  const old = [lastSignIn, lastNonInteractive].filter(
    (value): value is DayNumber => value !== null && value < FIRST_SUCCESSFUL_SIGN_IN_DAY,
  );
  return old.length === 0 ? null : Math.max(...old);
}
