import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { RunHandle, SkuRow, UserRow } from "#lib/import/ports";
import { withLookups, withPlaces } from "./bulk-plans.ts";
import { lastPerKey } from "./last-per-key.ts";
import { assignmentContent, rowHash, type StoredPage, userContent } from "./read-sums.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/** The workspace's numbers of SKUs, made where there is none yet. Ids in lower case. */
async function skuNumbers(
  tx: Tx,
  workspaceId: string,
  skuIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(skuIds)].sort();
  if (wanted.length === 0) return new Map();
  const json = JSON.stringify(wanted);
  const find = () =>
    tx.execute<{ sku_id: string; no: number }>(sql`
      select n.sku_id, n.no
      from jsonb_array_elements_text(${json}::jsonb) id
      join sku_numbers n on n.workspace_id = ${workspaceId} and n.sku_id = id::uuid`);
  let found = await find();
  if (found.length < wanted.length) {
    await tx.execute(sql`
      insert into sku_numbers (workspace_id, sku_id)
      select ${workspaceId}, id::uuid from jsonb_array_elements_text(${json}::jsonb) id
      where not exists (
        select from sku_numbers n where n.workspace_id = ${workspaceId} and n.sku_id = id::uuid)
      order by id
      on conflict (workspace_id, sku_id) do nothing`);
    found = await find();
  }
  return new Map(found.map((row) => [row.sku_id, row.no]));
}

function numberOf(numbers: ReadonlyMap<string, number>, skuId: string): number {
  const no = numbers.get(skuId);
  if (no === undefined) throw new Error(`SKU ${skuId} is not a GUID in lower case.`);
  return no;
}

const asStored = (sku: SkuRow, numbers: ReadonlyMap<string, number>) => {
  const units = sku.prepaidUnits;
  return {
    ...sku,
    ...units,
    skuNo: numberOf(numbers, sku.skuId),
    unitsReported: units !== null && Object.values(units).some((count) => count !== null),
  };
};

/** subscribedSkus as read before (1) or after (2) the users. Returns rows that came twice. */
export async function insertSkus(
  tx: Tx,
  place: Place,
  reading: 1 | 2,
  rows: readonly SkuRow[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const last = lastPerKey(rows, (row) => row.skuId);
  const numbers = await skuNumbers(
    tx,
    place.workspaceId,
    last.map((row) => row.skuId),
  );
  const json = JSON.stringify(last.map((row) => asStored(row, numbers)));
  const [stored] = await tx.execute<{ fresh: number }>(sql`
    with stored as (
      insert into snapshot_skus (workspace_id, snapshot_id, reading, sku_no, part_number,
        applies_to, capability_status, consumed_units, units_reported, enabled, expiring,
        suspended, locked_out, subscription_ids, service_plan_ids)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, ${reading}::smallint, r.*
      from jsonb_to_recordset(${json}::jsonb) as r("skuNo" int, "partNumber" text,
        "appliesTo" text, "capabilityStatus" text, "consumedUnits" int, "unitsReported" boolean,
        enabled int, expiring int, suspended int, "lockedOut" int, "subscriptionIds" text[],
        "servicePlanIds" uuid[])
      on conflict (workspace_id, snapshot_id, reading, sku_no) do update set
        part_number = excluded.part_number, applies_to = excluded.applies_to,
        capability_status = excluded.capability_status, consumed_units = excluded.consumed_units,
        units_reported = excluded.units_reported, enabled = excluded.enabled,
        expiring = excluded.expiring, suspended = excluded.suspended,
        locked_out = excluded.locked_out, subscription_ids = excluded.subscription_ids,
        service_plan_ids = excluded.service_plan_ids
      returning (xmax = 0) as fresh)
    select count(*) filter (where fresh)::int as fresh from stored`);
  return rows.length - (stored?.fresh ?? 0);
}

interface UserPage {
  readonly rows: readonly UserRow[];
  readonly pageNo: number;
  /** Rows of the read's earlier pages. */
  readonly before: number;
}

/** Accounts in a row, each with the number after the one before. */
interface NumberedUsers {
  readonly users: readonly UserRow[];
  readonly firstNo: number;
}

/** An account as the statement takes it: written out, since copying rows by the million shows. */
const accountOf = (user: UserRow, userNo: number) => ({
  userNo,
  userId: user.userId,
  userPrincipalName: user.userPrincipalName,
  displayName: user.displayName,
  mail: user.mail,
  accountEnabled: user.accountEnabled,
  userType: user.userType,
  createdAt: user.createdAt,
  usageLocation: user.usageLocation,
  country: user.country,
  city: user.city,
  department: user.department,
  jobTitle: user.jobTitle,
  companyName: user.companyName,
  officeLocation: user.officeLocation,
  employeeId: user.employeeId,
  employeeType: user.employeeType,
  onPremisesSynced: user.onPremisesSynced,
});

/**
 * Accounts and what they hold. A user's number is the row's place in the read, never 0. Of an account that comes twice the
 * last row stays, with what it holds. Source: DESIGN §4.5, fault-catalogue B10.
 */
export async function insertUsers(tx: Tx, place: Place, page: UserPage): Promise<StoredPage> {
  if (page.rows.length === 0) return { duplicates: 0, digest: "0", held: {} };
  const users = lastPerKey(page.rows, (user) => user.userId);
  const firstNo = page.before + 1;
  const older = await removeOlderCopies(tx, place, users);
  const rows = users.map((user, index) => accountOf(user, firstNo + index));
  const [accounts] = await tx.execute<{ digest: string }>(sql`
    with t as (
      insert into snapshot_users (workspace_id, snapshot_id, page_no, user_no, user_id,
        user_principal_name, display_name, mail, account_enabled, user_type, created_at,
        usage_location, country, city, department, job_title, company_name, office_location,
        employee_id, employee_type, on_premises_synced)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, ${page.pageNo}::int, r.*
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("userNo" int, "userId" uuid,
        "userPrincipalName" text, "displayName" text, mail text, "accountEnabled" boolean,
        "userType" text, "createdAt" timestamptz, "usageLocation" text, country text, city text,
        department text, "jobTitle" text, "companyName" text, "officeLocation" text,
        "employeeId" text, "employeeType" text, "onPremisesSynced" boolean)
      returning *)
    select sum(${rowHash(userContent)})::text as digest from t`);
  const seats = await insertAssignments(tx, place, { users, firstNo });
  return {
    duplicates: page.rows.length - users.length + older.accounts,
    digest: (
      BigInt(accounts?.digest ?? 0) +
      BigInt(seats.digest) -
      BigInt(older.digest)
    ).toString(),
    held: subtract(seats.held, older.held),
  };
}

const subtract = (
  from: ReadonlyMap<number, number>,
  less: Readonly<Record<string, number>>,
): Record<string, number> => {
  const counts: Record<string, number> = Object.fromEntries(from);
  for (const [no, count] of Object.entries(less)) counts[no] = (counts[no] ?? 0) - count;
  return counts;
};

interface OlderCopies extends Record<string, unknown> {
  readonly accounts: number;
  /** Sum of the hashes of their rows. */
  readonly digest: string;
  readonly held: Readonly<Record<string, number>>;
  /** Where their rows are. */
  readonly user_places: readonly string[];
  readonly seat_places: readonly string[];
}

/** Accounts of the page that an earlier page brought go, with what they held. */
async function removeOlderCopies(
  tx: Tx,
  place: Place,
  users: readonly UserRow[],
): Promise<OlderCopies> {
  const older = await withLookups(tx, () => findOlderCopies(tx, place, users));
  if (older.accounts > 0) {
    await withPlaces(tx, async () => {
      await deletePlaces(tx, place, "snapshot_users", older.user_places);
      await deletePlaces(tx, place, "snapshot_assignments", older.seat_places);
    });
  }
  return older;
}

async function deletePlaces(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  table: "snapshot_users" | "snapshot_assignments",
  places: readonly string[],
): Promise<void> {
  await tx.execute(sql`
    delete from ${sql.raw(table)}
    where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId}
      and ctid = any (array(
        select value::tid from jsonb_array_elements_text(${JSON.stringify(places)}::jsonb)))`);
}

async function findOlderCopies(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  users: readonly UserRow[],
): Promise<OlderCopies> {
  const ids = JSON.stringify(users.map((user) => user.userId));
  const [older] = await tx.execute<OlderCopies>(sql`
    with u as materialized (
      select found.* from jsonb_array_elements_text(${ids}::jsonb) id
      cross join lateral (
        select t.ctid as place, t.user_no, t.user_id, ${rowHash(userContent)} as hash
        from snapshot_users t
        where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}
          and t.user_id between id.value::uuid and id.value::uuid order by t.user_id) found),
    seats as materialized (
      select held.* from u
      cross join lateral (
        select t.ctid as place, t.sku_no, t.holds, ${rowHash(assignmentContent)} as hash
        from snapshot_assignments t
        where t.workspace_id = ${workspaceId} and t.snapshot_id = ${snapshotId}
          and t.user_no between u.user_no and u.user_no order by t.user_no) held)
    select (select count(*)::int from u) as accounts,
      ((select coalesce(sum(hash), 0) from u) + (select coalesce(sum(hash), 0) from seats))::text as digest,
      (select coalesce(jsonb_object_agg(sku_no, n), '{}') from (
        select sku_no, count(*) as n from seats where holds group by sku_no) counted) as held,
      (select coalesce(jsonb_agg(place::text), '[]') from u) as user_places,
      (select coalesce(jsonb_agg(place::text), '[]') from seats) as seat_places`);
  if (older === undefined) throw new Error("Aggregates always give a row.");
  return older;
}

/** Assignments as the statement takes them, and the holders per SKU number. */
function seatsOf({ users, firstNo }: NumberedUsers, numbers: ReadonlyMap<string, number>) {
  const held = new Map<number, number>();
  const rows = users.flatMap(({ assignments }, index) => {
    const last =
      assignments.length < 2 ? assignments : lastPerKey(assignments, ({ skuId }) => skuId);
    return last.map((assignment) => {
      const skuNo = numberOf(numbers, assignment.skuId);
      if (assignment.holds) held.set(skuNo, (held.get(skuNo) ?? 0) + 1);
      return {
        skuNo,
        userNo: firstNo + index,
        holds: assignment.holds,
        direct: assignment.direct,
        groupIds: assignment.groupIds,
        inError: assignment.inError,
        error: assignment.error,
        assignedAt: assignment.assignedAt,
        disabledPlanIds: assignment.disabledPlanIds,
      };
    });
  });
  return { rows, held };
}

async function insertAssignments(
  tx: Tx,
  place: Place,
  numbered: NumberedUsers,
): Promise<{ digest: string; held: ReadonlyMap<number, number> }> {
  const { users, firstNo } = numbered;
  const skuIds = new Set<string>();
  for (const { assignments } of users) for (const { skuId } of assignments) skuIds.add(skuId);
  const numbers = await skuNumbers(tx, place.workspaceId, [...skuIds]);
  const { rows, held } = seatsOf(numbered, numbers);
  if (rows.length === 0) return { digest: "0", held };
  const accounts = JSON.stringify(
    users.map(({ userId }, index) => ({ userNo: firstNo + index, userId })),
  );
  const [stored] = await tx.execute<{ digest: string }>(sql`
    with t as (
      insert into snapshot_assignments (workspace_id, snapshot_id, sku_no, user_no, holds, direct,
        group_ids, in_error, error, assigned_at, disabled_plan_ids)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, r."skuNo", r."userNo", r.holds,
        r.direct, nullif(r."groupIds", '{}'), r."inError", r.error, r."assignedAt",
        nullif(r."disabledPlanIds", '{}')
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("skuNo" int, "userNo" int,
        holds boolean, direct boolean, "groupIds" uuid[], "inError" boolean, error text,
        "assignedAt" timestamptz, "disabledPlanIds" uuid[])
      returning *)
    select sum(${rowHash(assignmentContent)})::text as digest
    from t
    join (
      select "userNo" as user_no, "userId" as user_id
      from jsonb_to_recordset(${accounts}::jsonb) as a("userNo" int, "userId" uuid)) u
      on u.user_no = t.user_no`);
  return { digest: stored?.digest ?? "0", held };
}
