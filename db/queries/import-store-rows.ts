import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { signInEvidence } from "#lib/domain/activity";
import { type Read, reportOf, type UsageReport } from "#lib/domain/import";
import { toUtcDay } from "#lib/domain/utc-day";
import type {
  DeletedUserRow,
  GroupRow,
  OrganizationRow,
  RowOf,
  RunHandle,
  SignInRow,
  SubscriptionRow,
  UsageRow,
} from "#lib/import/ports";
import { insertSkus } from "./import-store-skus.ts";
import type { UsersPlace } from "./import-store-users.ts";
import { lastPerKey } from "./last-per-key.ts";
import { rowHash, type StoredPage, signInContent, usageContent } from "./read-sums.ts";
import { reportNumber } from "./report-number.ts";

type Place = Pick<RunHandle, "workspaceId" | "snapshotId">;

/**
 * Rows of one page on their way into a snapshot. Inserting is set-wise; the last row of an id wins; told is how many rows
 * gave way, or came again in place of one, and what the page adds to the read's sums. Source: DESIGN §4.3, §4.5.
 */
export interface PageRows {
  insert(tx: Tx, place: Place, at: UsersPlace): Promise<StoredPage>;
}

/** Every read but that of the accounts, whose rows are prepared before (import-store-users). */
export type PlainRead = Exclude<Read, "users">;

/** Inserts a page's rows as they are. */
export async function insertRows(
  tx: Tx,
  place: Place,
  read: PlainRead,
  rows: readonly RowOf<Read>[],
): Promise<StoredPage> {
  // Safe: ImportSource.pages ties the rows to the read (RowOf), which a union of reads no longer shows.
  const rowsAs = <R extends Read>() => rows as readonly RowOf<R>[];
  switch (read) {
    case "organization":
      return insertOrganizations(tx, place, rowsAs<"organization">());
    case "subscribed-skus-first":
      return unsummed(await insertSkus(tx, place, 1, rowsAs<"subscribed-skus-first">()));
    case "subscribed-skus-second":
      return unsummed(await insertSkus(tx, place, 2, rowsAs<"subscribed-skus-second">()));
    case "company-subscriptions":
      return insertSubscriptions(tx, place, rowsAs<"company-subscriptions">());
    case "groups":
      return insertGroups(tx, place, rowsAs<"groups">());
    case "deleted-users":
      return insertDeletedUsers(tx, place, rowsAs<"deleted-users">());
    case "sign-ins":
      return insertSignIns(tx, place, rowsAs<"sign-ins">());
    case "report-settings":
      return unsummed(0);
    default: {
      const report = reportOf(read);
      if (report === null) throw new Error(`${read} is no read.`);
      return insertUsage(tx, place, report, rowsAs<`report:${UsageReport}`>());
    }
  }
}

/** Discards what a read stored so far. */
export async function deleteRows(tx: Tx, place: Place, read: Read): Promise<void> {
  const from = (table: SQL, more: SQL = sql``): Promise<unknown> =>
    tx.execute(sql`
      delete from ${table}
      where workspace_id = ${place.workspaceId} and snapshot_id = ${place.snapshotId} ${more}`);
  switch (read) {
    case "organization":
      await from(sql`snapshot_organizations`);
      return;
    case "subscribed-skus-first":
      await from(sql`snapshot_skus`, sql`and reading = 1`);
      return;
    case "subscribed-skus-second":
      await from(sql`snapshot_terms`);
      await from(sql`snapshot_skus`, sql`and reading = 2`);
      return;
    case "users":
      await from(sql`snapshot_app_skus`);
      await from(sql`snapshot_unread_users`);
      await from(sql`snapshot_assignments`);
      await from(sql`snapshot_users`);
      return;
    case "company-subscriptions":
      await from(sql`snapshot_subscriptions`);
      return;
    case "groups":
      await from(sql`snapshot_groups`);
      return;
    case "deleted-users":
      await from(sql`snapshot_deleted_users`);
      return;
    case "sign-ins":
      await from(sql`snapshot_sign_ins`);
      return;
    case "report-settings":
      return;
    default: {
      const report = reportOf(read);
      if (report === null) throw new Error(`${read} is no read.`);
      await from(sql`snapshot_usage`, sql`and report = ${reportNumber(report)}`);
    }
  }
}

const unsummed = (duplicates: number): StoredPage => ({ duplicates, digest: null });

/**
 * Runs an upsert into table `t`; the rows that were there before, and those that gave way, came twice. `content` are the
 * columns of a summed read. What a row said that was replaced is gone: then the page's part of the sum cannot be told.
 */
async function upsert<T>(
  tx: Tx,
  rows: readonly T[],
  keyOf: (row: T) => string,
  statement: (json: string) => SQL,
  content: SQL | null = null,
): Promise<StoredPage> {
  if (rows.length === 0) return { duplicates: 0, digest: "0" };
  const last = lastPerKey(rows, keyOf);
  const hash = content === null ? sql`null::numeric` : rowHash(content);
  const [stored] = await tx.execute<{ fresh: number; digest: string | null }>(sql`
    with stored as (
      ${statement(JSON.stringify(last))} returning (t.xmax = 0) as fresh, ${hash} as hash)
    select count(*) filter (where fresh)::int as fresh, sum(hash)::text as digest from stored`);
  const fresh = stored?.fresh ?? 0;
  return {
    duplicates: rows.length - fresh,
    digest: fresh === last.length ? (stored?.digest ?? null) : null,
  };
}

const insertOrganizations = (tx: Tx, place: Place, rows: readonly OrganizationRow[]) =>
  upsert(
    tx,
    rows,
    () => "",
    (json) => sql`
      insert into snapshot_organizations as t
        (workspace_id, snapshot_id, tenant_id, display_name, default_domain, country_code)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, r.*
      from jsonb_to_recordset(${json}::jsonb)
        as r("tenantId" uuid, "displayName" text, "defaultDomain" text, "countryCode" text)
      on conflict (workspace_id, snapshot_id) do update set tenant_id = excluded.tenant_id,
        display_name = excluded.display_name, default_domain = excluded.default_domain,
        country_code = excluded.country_code`,
  );

const insertSubscriptions = (tx: Tx, place: Place, rows: readonly SubscriptionRow[]) =>
  upsert(
    tx,
    rows,
    (row) => row.subscriptionId,
    (json) => sql`
      insert into snapshot_subscriptions as t (workspace_id, snapshot_id, subscription_id,
        commerce_subscription_id, sku_id, part_number, status, total_units, trial, created_at,
        next_lifecycle_at, partner_tenant_id)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, r.*
      from jsonb_to_recordset(${json}::jsonb) as r("subscriptionId" text,
        "commerceSubscriptionId" text, "skuId" uuid, "partNumber" text, status text,
        "totalUnits" int, trial boolean, "createdAt" timestamptz, "nextLifecycleAt" timestamptz,
        "partnerTenantId" text)
      on conflict (workspace_id, snapshot_id, subscription_id) do update set
        commerce_subscription_id = excluded.commerce_subscription_id, sku_id = excluded.sku_id,
        part_number = excluded.part_number, status = excluded.status,
        total_units = excluded.total_units, trial = excluded.trial,
        created_at = excluded.created_at, next_lifecycle_at = excluded.next_lifecycle_at,
        partner_tenant_id = excluded.partner_tenant_id`,
  );

const insertGroups = (tx: Tx, place: Place, rows: readonly GroupRow[]) =>
  upsert(
    tx,
    rows,
    (row) => row.groupId,
    (json) => sql`
      insert into snapshot_groups as t (workspace_id, snapshot_id, group_id, display_name)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, r.*
      from jsonb_to_recordset(${json}::jsonb) as r("groupId" uuid, "displayName" text)
      on conflict (workspace_id, snapshot_id, group_id) do update
        set display_name = excluded.display_name`,
  );

const insertDeletedUsers = (tx: Tx, place: Place, rows: readonly DeletedUserRow[]) =>
  upsert(
    tx,
    rows,
    (row) => row.userId,
    (json) => sql`
      insert into snapshot_deleted_users as t (workspace_id, snapshot_id, user_id,
        user_principal_name, display_name, deleted_at, sku_ids)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, r.*
      from jsonb_to_recordset(${json}::jsonb) as r("userId" uuid, "userPrincipalName" text,
        "displayName" text, "deletedAt" timestamptz, "skuIds" uuid[])
      on conflict (workspace_id, snapshot_id, user_id) do update set
        user_principal_name = excluded.user_principal_name, display_name = excluded.display_name,
        deleted_at = excluded.deleted_at, sku_ids = excluded.sku_ids`,
  );

/** The day that counts as evidence is decided once, by the rule of lib/domain/activity. */
const withEvidence = (row: SignInRow) => ({
  ...row,
  evidenceOn: signInEvidence({
    lastSuccessfulAt: toUtcDay(row.lastSuccessfulAt),
    lastInteractiveAt: toUtcDay(row.lastInteractiveAt),
    lastNonInteractiveAt: toUtcDay(row.lastNonInteractiveAt),
  }),
});

const insertSignIns = (tx: Tx, place: Place, rows: readonly SignInRow[]) =>
  upsert(
    tx,
    rows.map(withEvidence),
    (row) => row.userId,
    (json) => sql`
      insert into snapshot_sign_ins as t (workspace_id, snapshot_id, user_id, last_successful_at,
        last_interactive_at, last_non_interactive_at, evidence_on)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, r.*
      from jsonb_to_recordset(${json}::jsonb) as r("userId" uuid, "lastSuccessfulAt" timestamptz,
        "lastInteractiveAt" timestamptz, "lastNonInteractiveAt" timestamptz, "evidenceOn" date)
      on conflict (workspace_id, snapshot_id, user_id) do update set
        last_successful_at = excluded.last_successful_at,
        last_interactive_at = excluded.last_interactive_at,
        last_non_interactive_at = excluded.last_non_interactive_at,
        evidence_on = excluded.evidence_on`,
    signInContent,
  );

const insertUsage = (tx: Tx, place: Place, report: UsageReport, rows: readonly UsageRow[]) =>
  upsert(
    tx,
    rows.map((row) => ({ ...row, upnKey: row.userPrincipalName.toLowerCase() })),
    (row) => row.upnKey,
    (json) => sql`
      insert into snapshot_usage as t (workspace_id, snapshot_id, report, upn_key, last_activity_on,
        storage_bytes, has_archive)
      select ${place.workspaceId}::uuid, ${place.snapshotId}::bigint, ${reportNumber(report)}::smallint, r.*
      from jsonb_to_recordset(${json}::jsonb) as r("upnKey" text, "lastActivityOn" date,
        "storageBytes" bigint, "hasArchive" boolean)
      on conflict (workspace_id, snapshot_id, upn_key, report) do update set
        last_activity_on = excluded.last_activity_on, storage_bytes = excluded.storage_bytes,
        has_archive = excluded.has_archive`,
    usageContent,
  );
