import { sql } from "drizzle-orm";
import { snapshotAssignments } from "#db/schema/snapshots";

/** How a user came to a SKU, by the working rows of licenseAssignmentStates. Source: DESIGN §5 `assigned`. */
export const origins = ["direct", "group", "both", "unknown"] as const;
export type Origin = (typeof origins)[number];

/** The origin of a row of `snapshot_assignments`; null where a left join found none. */
export const originOf = sql<Origin | null>`(case
  when ${snapshotAssignments.userNo} is null then null
  when ${snapshotAssignments.direct} and ${snapshotAssignments.groupIds} is not null then 'both'
  when ${snapshotAssignments.direct} then 'direct'
  when ${snapshotAssignments.groupIds} is not null then 'group'
  else 'unknown' end)`;
