import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Compared } from "./change-rows.ts";

/** Departments a held read tells of. */
export const toldDepartments = 50;

/** Accounts that hold a license, and their seats, per department of a snapshot; `''` = no department set. */
const perDepartment = (workspaceId: string, snapshotId: number): SQL => sql`
  select coalesce(trim(u.department), '') as department, count(*)::int as accounts,
    sum(s.seats)::int as seats
  from snapshot_users u
  join (
    select user_no, count(*) as seats from snapshot_assignments
    where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId} and holds
    group by user_no) s on s.user_no = u.user_no
  where u.workspace_id = ${workspaceId} and u.snapshot_id = ${snapshotId} and not u.deleted
  group by 1`;

/** Stores before and after of the departments that changed most with a proposed set. */
export async function compareDepartments(
  tx: Tx,
  { workspaceId, before, after }: Compared,
  setId: number,
): Promise<void> {
  await tx.execute(sql`
    with compared as (
      select nullif(coalesce(o.department, n.department), '') as department,
        coalesce(o.accounts, 0) as accounts_before, coalesce(n.accounts, 0) as accounts_after,
        coalesce(o.seats, 0) as seats_before, coalesce(n.seats, 0) as seats_after
      from (${perDepartment(workspaceId, before)}) o
      full join (${perDepartment(workspaceId, after)}) n on n.department = o.department
      order by abs(coalesce(n.seats, 0) - coalesce(o.seats, 0)) desc, coalesce(o.department, n.department)
      limit ${toldDepartments})
    update change_sets set departments = (
      select coalesce(jsonb_agg(jsonb_build_object(
        'department', department, 'accountsBefore', accounts_before, 'accountsAfter', accounts_after,
        'seatsBefore', seats_before, 'seatsAfter', seats_after)
        order by abs(seats_after - seats_before) desc, department nulls last), '[]')
      from compared)
    where workspace_id = ${workspaceId} and id = ${setId}`);
}
