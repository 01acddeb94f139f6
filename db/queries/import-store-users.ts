import { hash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { AssignmentRow, RunHandle, UserRow } from "#lib/import/ports";
import { type OlderCopies, removeOlderCopies } from "./import-store-copies.ts";
import { lastPerKey } from "./last-per-key.ts";
import { lookUpNoted, type NotedEvidence, notedColumns } from "./noted-evidence.ts";
import type { StoredPage } from "./read-sums.ts";
import { type SeatCounts, seatKey, withoutSeats } from "./seat-traits.ts";
import { numberOf, type SkuNumbers } from "./sku-numbers.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/** Accounts of a page and what they hold, as their statements take them: lists in JSON, `at` counts from 1. */
export interface PreparedUsers {
  readonly accounts: string;
  readonly seats: string;
  /** Sum of the accounts' content hashes. */
  readonly digest: bigint;
  readonly held: SeatCounts;
  /** Rows that gave way since the same account came again on the page. */
  readonly duplicates: number;
}

/** What makes an account: written out, since copying rows by the million shows. `deleted` follows from deletedItems. */
const accountOf = (user: UserRow) => ({
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

/** A seat but for whose and of what it is. */
const seatOf = (assignment: AssignmentRow) => ({
  holds: assignment.holds,
  direct: assignment.direct,
  groupIds: assignment.groupIds,
  inError: assignment.inError,
  error: assignment.error,
  assignedAt: assignment.assignedAt,
  disabledPlanIds: assignment.disabledPlanIds,
});

/** An account's assignments by their SKUs, whatever order Microsoft gave them in. */
function assignmentsOf({ assignments }: UserRow): readonly AssignmentRow[] {
  if (assignments.length < 2) return assignments;
  const last = lastPerKey(assignments, ({ skuId }) => skuId);
  return last.toSorted((a, b) => (a.skuId < b.skuId ? -1 : 1));
}

/** Puts a first property into the JSON of an object that has others. */
const withFirst = (property: string, json: string): string => `{${property},${json.slice(1)}`;

/**
 * Accounts with numbers in the order of their rows; of one that comes twice the last row stays. The content hash of an
 * account (64 bits of SHA-256) is of all that is stored of it and of its seats, and of nothing that differs between reads, so that
 * equal hashes mean equal content.
 */
export function prepareUsers(rows: readonly UserRow[], numbers: SkuNumbers): PreparedUsers {
  const users = lastPerKey(rows, (user) => user.userId);
  const accounts: string[] = [];
  const seats: string[] = [];
  const held: Record<string, number> = {};
  let digest = 0n;
  for (const user of users) {
    const at = `"at":${accounts.length + 1}`;
    const account = JSON.stringify(accountOf(user));
    let content = account;
    const blocked = user.accountEnabled === false;
    const guest = user.userType === "Guest";
    for (const assignment of assignmentsOf(user)) {
      const skuNo = numberOf(numbers, assignment.skuId);
      const seat = JSON.stringify(seatOf(assignment));
      content += assignment.skuId + seat;
      seats.push(withFirst(`${at},"skuNo":${skuNo}`, seat));
      const { holds, direct, groupIds, inError } = assignment;
      const byGroup = groupIds.length > 0;
      const key = seatKey(skuNo, { holds, direct, byGroup, inError, blocked, guest });
      held[key] = (held[key] ?? 0) + 1;
    }
    const contentHash = hash("sha256", content, "buffer").readBigInt64BE();
    digest += contentHash;
    accounts.push(withFirst(`${at},"contentHash":${contentHash}`, account));
  }
  return {
    accounts: `[${accounts.join()}]`,
    seats: `[${seats.join()}]`,
    digest,
    held,
    duplicates: rows.length - users.length,
  };
}

/** Where a page's rows go. */
export interface UsersPlace {
  readonly pageNo: number;
  /** Rows of the read's earlier pages: an account's number is its place in the read, never 0. */
  readonly before: number;
  /** Earlier pages have brought some of the accounts: these go first, with what they held. */
  readonly replacing: boolean;
}

/**
 * Stores prepared accounts. An account that an earlier page brought violates `snapshot_users_by_id` unless `replacing`:
 * of an account that comes twice the last row stays, with what it holds. Source: DESIGN §4.5, fault-catalogue B10.
 */
export async function insertUsers(
  tx: Tx,
  place: Place,
  users: PreparedUsers,
  at: UsersPlace & { readonly noted: NotedEvidence },
): Promise<StoredPage> {
  const older = at.replacing ? await removeOlderCopies(tx, place, users.accounts) : null;
  await insertAccounts(tx, place, users.accounts, at);
  await insertSeats(tx, place, users.seats, at);
  return older === null
    ? { duplicates: users.duplicates, digest: users.digest.toString(), held: users.held }
    : without(users, older);
}

const without = (users: PreparedUsers, older: OlderCopies): StoredPage => ({
  duplicates: users.duplicates + older.accounts,
  digest: older.digest === null ? null : (users.digest - BigInt(older.digest)).toString(),
  held: withoutSeats(users.held, older.held),
});

type NumberedPlace = Pick<UsersPlace, "pageNo" | "before">;

/** Accounts from a JSON list as `PreparedUsers.accounts`, with what is known by now of their sign-ins and usage. */
export async function insertAccounts(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  accounts: string,
  { pageNo, before, noted }: NumberedPlace & { readonly noted: NotedEvidence },
): Promise<void> {
  const { values, joins } = lookUpNoted(workspaceId, noted);
  const upnKey = noted.usage === null ? sql`` : sql`, lower("userPrincipalName") as upn_key`;
  await tx.execute(sql`
    insert into snapshot_users (workspace_id, snapshot_id, page_no, user_no, content_hash, user_id,
      user_principal_name, display_name, mail, account_enabled, user_type, created_at,
      usage_location, country, city, department, job_title, company_name, office_location,
      employee_id, employee_type, on_premises_synced, ${notedColumns})
    select ${workspaceId}::uuid, ${snapshotId}::bigint, ${pageNo}::int, ${before}::int + a.at,
      a."contentHash", a.user_id, a."userPrincipalName", a."displayName", a.mail,
      a."accountEnabled", a."userType", a."createdAt", a."usageLocation", a.country, a.city,
      a.department, a."jobTitle", a."companyName", a."officeLocation", a."employeeId",
      a."employeeType", a."onPremisesSynced", ${values}
    from (
      select *, "userId" as user_id ${upnKey}
      from jsonb_to_recordset(${accounts}::jsonb) as r(at int, "contentHash" bigint, "userId" uuid,
        "userPrincipalName" text, "displayName" text, mail text, "accountEnabled" boolean,
        "userType" text, "createdAt" timestamptz, "usageLocation" text, country text, city text,
        department text, "jobTitle" text, "companyName" text, "officeLocation" text,
        "employeeId" text, "employeeType" text, "onPremisesSynced" boolean)
      ${noted.usage === null ? sql`` : sql`offset 0`}) a
    ${joins}`);
}

/** Seats from a JSON list as `PreparedUsers.seats`. */
export async function insertSeats(
  tx: Tx,
  { workspaceId, snapshotId }: Place,
  seats: string,
  { before }: NumberedPlace,
): Promise<void> {
  await tx.execute(sql`
    insert into snapshot_assignments (workspace_id, snapshot_id, sku_no, user_no, holds, direct,
      group_ids, in_error, error, assigned_at, disabled_plan_ids)
    select ${workspaceId}::uuid, ${snapshotId}::bigint, r."skuNo", ${before}::int + r.at, r.holds,
      r.direct, nullif(r."groupIds", '{}'), r."inError", r.error, r."assignedAt",
      nullif(r."disabledPlanIds", '{}')
    from jsonb_to_recordset(${seats}::jsonb) as r(at int, "skuNo" int, holds boolean,
      direct boolean, "groupIds" uuid[], "inError" boolean, error text, "assignedAt" timestamptz,
      "disabledPlanIds" uuid[])`);
}
