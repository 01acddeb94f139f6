import type { ActivityCounts, AssignedCounts, Difference } from "#lib/domain/license";
import type { TestConnection } from "./import-fixtures.ts";
import type { TestDatabase } from "./test-database.ts";

type Owner = Pick<TestDatabase, "ownerSql">;

/** A license and its position as published. Seats. */
export interface PublishedLicense {
  readonly licenseId: string;
  readonly skuId: string;
  readonly type: "named-user" | "tenant";
  readonly status: "active" | "retired";
  readonly retiredReason: string | null;
  readonly compliance: string;
  readonly flags: readonly string[];
  readonly enabled: number | null;
  readonly expiring: number | null;
  readonly suspended: number | null;
  readonly lockedOut: number | null;
  readonly entitled: number | null;
  readonly reported: number | null;
  readonly consumed: number | null;
  readonly difference: Difference | null;
  readonly trial: number | null;
  readonly available: number | null;
  readonly shortfall: number | null;
  readonly purchased: number | null;
  readonly contract: { readonly kind: string };
  readonly assigned: AssignedCounts | null;
  readonly activity: ActivityCounts | null;
  readonly blocked: number | null;
  readonly guests: number | null;
  readonly unavailable: Readonly<Record<string, string>>;
  readonly idleUnits: number;
  readonly lowConfidenceUnits: number;
  readonly unassignedUnits: number | null;
  readonly priceAmount: string | null;
  readonly decisionOn: string | null;
  readonly decisionSource: string | null;
  readonly decisionUnits: number | null;
}

/** What readers of the connection see now, in the order of skuId. */
export const readLicenses = async (
  db: Owner,
  { connectionId }: Pick<TestConnection, "connectionId">,
): Promise<readonly PublishedLicense[]> => [
  ...(await db.ownerSql<PublishedLicense[]>`
    select l.id as "licenseId", l.sku_id as "skuId", l.type, p.status,
      p.retired_reason as "retiredReason", p.compliance, p.flags, p.enabled, p.expiring,
      p.suspended, p.locked_out as "lockedOut", p.entitled, p.reported, p.consumed, p.difference,
      p.trial, p.available, p.shortfall, p.purchased, p.contract, p.assigned, p.activity,
      p.blocked, p.guests, p.unavailable, p.idle_units as "idleUnits",
      p.low_confidence_units as "lowConfidenceUnits", p.unassigned_units as "unassignedUnits",
      p.price_amount::text as "priceAmount", p.decision_on::text as "decisionOn",
      p.decision_source as "decisionSource", p.decision_units as "decisionUnits"
    from connections c
    join license_positions p on p.workspace_id = c.workspace_id
      and p.reconciliation_id = c.reconciliation_id
    join licenses l on l.workspace_id = p.workspace_id and l.id = p.license_id
    where c.id = ${connectionId} order by l.sku_id`),
];

/** The reconciliation a connection points to. */
export interface CurrentReconciliation {
  readonly id: number;
  readonly directory: string;
  readonly signIns: string | null;
  readonly usage: string | null;
  readonly evaluatedOn: string;
  readonly signInsUnavailable: string | null;
  readonly usageUnavailable: string | null;
  readonly cause: string;
}

export async function readReconciliation(
  db: Owner,
  { connectionId }: Pick<TestConnection, "connectionId">,
): Promise<CurrentReconciliation | null> {
  const [row] = await db.ownerSql<CurrentReconciliation[]>`
    select r.id, r.directory_snapshot_id as directory, r.sign_ins_snapshot_id as "signIns",
      r.usage_snapshot_id as usage, r.evaluated_on::text as "evaluatedOn",
      r.sign_ins_unavailable as "signInsUnavailable", r.usage_unavailable as "usageUnavailable",
      r.cause
    from connections c
    join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
    where c.id = ${connectionId}`;
  return row ?? null;
}

/** One published seat, or assignment in error (`held: false`). */
export interface PublishedSeat {
  readonly userId: string;
  readonly skuId: string;
  readonly held: boolean;
  readonly origin: string | null;
  readonly error: boolean;
  readonly groupIds: readonly string[];
  readonly since: string | null;
}

/** Seats of the published directory, deleted accounts left out. */
export const readSeats = async (
  db: Owner,
  { connectionId }: Pick<TestConnection, "connectionId">,
): Promise<readonly PublishedSeat[]> => [
  ...(await db.ownerSql<PublishedSeat[]>`
    select u.user_id as "userId", n.sku_id as "skuId", a.holds as held,
      case when not a.holds then null
        when a.direct and a.group_ids is not null then 'both' when a.direct then 'direct'
        when a.group_ids is not null then 'group' else 'unknown' end as origin,
      a.in_error as error, coalesce(a.group_ids::text[], '{}') as "groupIds",
      (a.assigned_at at time zone 'UTC')::date::text as since
    from dataset_epochs e
    join snapshot_assignments a on a.workspace_id = e.workspace_id and a.snapshot_id = e.snapshot_id
    join snapshot_users u on u.workspace_id = a.workspace_id and u.snapshot_id = a.snapshot_id
      and u.user_no = a.user_no
    join sku_numbers n on n.workspace_id = a.workspace_id and n.no = a.sku_no
    where e.connection_id = ${connectionId} and e.dataset = 'directory' and not u.deleted`),
];
