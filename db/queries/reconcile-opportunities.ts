import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { mailboxPlanIds } from "#lib/domain/exchange-plans";
import type { Confidence, LeftOutReason, OpportunityKind } from "#lib/domain/opportunity";
import { isActivity } from "./reconcile-accounts.ts";
import type { Basis } from "./reconcile-basis.ts";

/** A license that may have opportunities. `unassigned` in seats; null = not known. */
export interface EligibleLicense {
  readonly licenseId: string;
  readonly skuNo: number;
  readonly servicePlanIds: readonly string[];
  readonly unassigned: number | null;
}

/** Opportunity units of one license. Seats. */
export interface IdleUnits {
  /** Confidence high or medium, without unassigned. */
  readonly idle: number;
  readonly low: number;
  /** Those of `idle` that are assigned directly only. */
  readonly directIdle: number;
  readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>;
}

interface FindingRow extends Record<string, unknown> {
  readonly license_id: string;
  readonly found: Exclude<OpportunityKind, "unassigned"> | LeftOutReason;
  readonly confidence: Confidence | null;
  readonly direct: boolean;
  readonly units: number;
}

/**
 * Writes the opportunities of a reconciliation and counts them per license. One statement classifies every assignment by
 * the rules of `classifyOpportunity` in lib/domain/opportunity, once (offset 0). Source: DESIGN §5 Opportunities.
 */
export async function insertOpportunities(
  tx: Tx,
  basis: Basis,
  input: { readonly reconciliationId: number; readonly licenses: readonly EligibleLicense[] },
): Promise<ReadonlyMap<string, IdleUnits>> {
  if (input.licenses.length === 0) return new Map();
  await insertUnassigned(tx, basis, input);
  const rows = await insertAssignments(tx, basis, input);
  const byLicense = Map.groupBy(rows, (row) => row.license_id);
  return new Map([...byLicense].map(([licenseId, found]) => [licenseId, toIdleUnits(found)]));
}

const toIdleUnits = (rows: readonly FindingRow[]): IdleUnits => {
  const sum = (which: (row: FindingRow) => boolean): number =>
    rows.filter(which).reduce((total, row) => total + row.units, 0);
  const isIdle = (row: FindingRow): boolean =>
    row.confidence === "high" || row.confidence === "medium";
  const leftOut = rows.filter((row) => row.confidence === null);
  return {
    idle: sum(isIdle),
    low: sum((row) => row.confidence === "low"),
    directIdle: sum((row) => isIdle(row) && row.direct),
    leftOut: Object.fromEntries(
      [...Map.groupBy(leftOut, (row) => row.found)].map(([why, of]) => [
        why,
        of.reduce((total, row) => total + row.units, 0),
      ]),
    ),
  };
};

/** Units nobody holds are counted, not inferred. */
async function insertUnassigned(
  tx: Tx,
  basis: Basis,
  input: { readonly reconciliationId: number; readonly licenses: readonly EligibleLicense[] },
): Promise<void> {
  const blocks = input.licenses.filter(({ unassigned }) => unassigned !== null && unassigned > 0);
  await tx.execute(sql`
    insert into opportunity_groups (workspace_id, reconciliation_id, license_id, no, kind,
      confidence, direct, units)
    select ${basis.connection.workspaceId}::uuid, ${input.reconciliationId}::int, r."licenseId", 0,
      'unassigned', 'high', false, r.unassigned
    from jsonb_to_recordset(${JSON.stringify(blocks)}::jsonb) as r("licenseId" uuid, unassigned int)`);
}

async function insertAssignments(
  tx: Tx,
  basis: Basis,
  input: { readonly reconciliationId: number; readonly licenses: readonly EligibleLicense[] },
): Promise<readonly FindingRow[]> {
  const { workspaceId } = basis.connection;
  const licenses = JSON.stringify(
    input.licenses.map(({ licenseId, skuNo, servicePlanIds }) => ({
      licenseId,
      skuNo,
      mailboxPlans: servicePlanIds.filter((plan) => mailboxPlanIds.includes(plan.toLowerCase())),
    })),
  );
  const known = basis.activity.kind === "known" ? basis.activity.value : null;
  const inferred = known?.signIns && known.usage ? "high" : "medium";
  const isFound = (activity: "inactive" | "neverUsed") =>
    known === null ? sql`false` : isActivity(activity);
  return tx.execute<FindingRow>(sql`
    with eligible as materialized (
      select * from jsonb_to_recordset(${licenses}::jsonb)
        as l("licenseId" uuid, "skuNo" int, "mailboxPlans" uuid[])),
    findings as (
      select *, case
          when found = 'blocked-account' and mailbox is not null then 'low'
          when found = 'blocked-account' then 'high'
          when found in ('never-used', 'inactive') then ${inferred}
        end as confidence
      from (
        select license_id, user_no, evidence_on, created_on, direct, mailbox, case
            when device then 'device-account'
            when excluded then 'excluded'
            when carried and (blocked or never_used or inactive) then 'not-read'
            when blocked and mailbox = 'large-mailbox' then 'large-mailbox'
            when blocked then 'blocked-account'
            when never_used then 'never-used'
            when inactive then 'inactive'
          end as found
        from (
          select l."licenseId" as license_id, a.user_no, u.blocked, u.device, u.excluded, u.carried,
            u.evidence_on, u.created_on, a.direct,
            ${isFound("neverUsed")} as never_used, ${isFound("inactive")} as inactive,
            case
              when l."mailboxPlans" <@ coalesce(a.disabled_plan_ids, '{}') then null
              else nullif(u.mailbox, 'none')
            end as mailbox
          from reconcile_seats a
          join reconcile_accounts u on u.user_no = a.user_no
          join eligible l on l."skuNo" = a.sku_no) assignments
        offset 0) classified
      where found is not null),
    groups as materialized (
      select license_id, found, confidence, direct,
        case when found = 'blocked-account' then mailbox end as caution, count(*)::int as units,
        array_agg(user_no) as user_nos,
        array_agg(case when found = 'never-used' then created_on else evidence_on end) as sinces
      from findings group by 1, 2, 3, 4, 5),
    inserted as (
      insert into opportunity_groups (workspace_id, reconciliation_id, license_id, no, kind,
        confidence, caution, direct, units, user_nos, sinces)
      select ${workspaceId}::uuid, ${input.reconciliationId}::int, license_id,
        row_number() over (partition by license_id), found, confidence, caution, direct, units,
        user_nos, sinces
      from groups where confidence is not null)
    select license_id, found, confidence, direct, units from groups`);
}
