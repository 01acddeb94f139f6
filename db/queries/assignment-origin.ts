import { sql } from "drizzle-orm";
import { snapshotAssignments } from "#db/schema/snapshots";

/** How a user came to a SKU, by the working rows of licenseAssignmentStates. Source: DESIGN §5 `assigned`. */
export type Origin = "direct" | "group" | "both" | "unknown";

/** The origin of a row of `snapshot_assignments`; null where the left join found none. */
export const originOf = sql<Origin | null>`(case
  when ${snapshotAssignments.userNo} is null then null
  when ${snapshotAssignments.direct} and cardinality(coalesce(${snapshotAssignments.groupIds}, '{}')) > 0 then 'both'
  when ${snapshotAssignments.direct} then 'direct'
  when cardinality(coalesce(${snapshotAssignments.groupIds}, '{}')) > 0 then 'group'
  else 'unknown' end)`;
