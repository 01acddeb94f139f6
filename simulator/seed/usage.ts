import type { DayNumber } from "./days.ts";
import { between, fractionAt } from "./random.ts";
import type { Workloads } from "./skus.ts";
import type { SeedTenant } from "./tenant.ts";
import type { SeedUser } from "./user.ts";

/** Last-activity days of one account per workload as the usage reports know them; null = no activity. */
export type Usage = {
  exchange: DayNumber | null;
  oneDrive: DayNumber | null;
  sharePoint: DayNumber | null;
  teams: DayNumber | null;
  yammer: DayNumber | null;
  apps: DayNumber | null;
  copilot: DayNumber | null;
  /** Day Microsoft 365 Apps was activated on a device. No evidence of use (DESIGN §5). */
  activation: DayNumber | null;
};

/** Which workloads an account's licenses open. */
export function workloadsOf(user: SeedUser): Workloads {
  const any = (key: keyof Workloads) => user.licenses.some((license) => license.sku.workloads[key]);
  return {
    exchange: any("exchange"),
    teams: any("teams"),
    sharePoint: any("sharePoint"),
    apps: any("apps"),
    yammer: any("yammer"),
    copilot: any("copilot"),
  };
}

/**
 * Usage of an account up to `refreshDay`, consistent with its sign-ins: nothing is later than the last real use, and one
 * workload (mail, else Teams, SharePoint, Apps) was used on that very day.
 */
export function usageAt(tenant: SeedTenant, user: SeedUser, refreshDay: DayNumber): Usage {
  const { seed } = tenant;
  const last = user.lastActive === null ? null : Math.min(user.lastActive, refreshDay);
  const active = last !== null && last >= user.created && user.kind !== "guest" ? last : null;
  const workloads = workloadsOf(user);
  const back = (allowed: boolean, salt: number, spread: number, share = 1): DayNumber | null => {
    if (!allowed || active === null || fractionAt(seed, user.index, salt) >= share) return null;
    const day = active - between(seed, user.index, salt + 1, 0, spread);
    return day < user.created ? null : day;
  };
  return {
    exchange: back(workloads.exchange, 160, 0),
    teams: back(workloads.teams, 162, workloads.exchange ? 4 : 0, workloads.exchange ? 0.95 : 1),
    oneDrive: back(workloads.sharePoint, 164, 12, 0.85),
    sharePoint: back(workloads.sharePoint, 166, 20, 0.7),
    yammer: back(workloads.yammer, 168, 200, 0.1),
    apps: back(workloads.apps, 170, 6, 0.92),
    copilot: back(workloads.copilot, 172, 150, 0.7),
    activation:
      workloads.apps && active !== null
        ? Math.max(user.created, active - between(seed, user.index, 174, 10, 400))
        : null,
  };
}
