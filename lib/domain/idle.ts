import type { LicenseItem } from "./license-item.ts";

type Idle = Pick<LicenseItem, "activity" | "idleUnits" | "unassignedUnits">;

/** Without activity nobody can be called idle: that is not the same as no idle seat. Source: DESIGN §5 "Unknown is not zero". */
export const isIdleUnknown = ({ activity, idleUnits }: Omit<Idle, "unassignedUnits">): boolean =>
  activity === null && idleUnits === 0;

/** No money is at stake that anybody knows of: neither idle seats nor unassigned units are known. */
export const isIdleMoneyUnknown = (license: Idle): boolean =>
  isIdleUnknown(license) && (license.unassignedUnits ?? 0) === 0;
