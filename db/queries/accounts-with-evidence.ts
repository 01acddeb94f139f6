import { type SQL, sql } from "drizzle-orm";
import { largeRows } from "./bulk-plans.ts";
import { notedColumns } from "./noted-evidence.ts";
import type { Basis } from "./reconcile-basis.ts";

/**
 * A select of accounts with the latest day of evidence, and whether the sign-ins cover them. Whom the sign-ins alone show
 * active, and nothing else is to be said of, is left out before the reports are asked: that is most people. What the
 * accounts' own rows note of the very sign-ins and usage this rests on needs no join.
 */
export function accountsWithEvidence(basis: Basis, devices: SQL): SQL {
  const { directorySnapshotId } = basis;
  const { workspaceId, tenantId } = basis.connection;
  const signIns = signInsOf(basis);
  const usage = usageOf(basis);
  const notSeen =
    basis.activity.kind === "known"
      ? sql`or (${signIns.seenOn} >= ${basis.cutoffs.activeSince}::date) is not true`
      : sql``;
  // They stand behind all others of the widest rows there are, which are taken apart for them.
  const noted = basis.noted.signIns || basis.noted.usage ? sql`, ${notedColumns}` : sql``;
  // lower() in a select of its own: row-level security keeps it out of join conditions (stack-notes).
  return sql`
    with unseen as materialized (
      select a.*, ${signIns.seenOn} as seen_on, ${signIns.covered} as covered
      from (
        select a.user_no, a.user_id, a.user_principal_name, a.created_at, a.account_enabled is false as blocked,
          ${devices} as device, a.user_id in (
            select user_id from exclusions
            where workspace_id = ${workspaceId} and tenant_id = ${tenantId}) as excluded,
          a.user_id in (
            select user_id from snapshot_unread_users
            where workspace_id = ${workspaceId} and snapshot_id = ${directorySnapshotId}
              and seats_as_of is not null) as carried ${noted}
        from snapshot_users a
        where a.workspace_id = ${workspaceId} and a.snapshot_id = ${directorySnapshotId}) a
      ${signIns.join}
      where a.blocked or a.device or a.excluded ${notSeen})
    select u.*, greatest(u.seen_on, ${usage.usedOn}) as evidence_on,
      ${usage.storageBytes} as storage_bytes, ${usage.hasArchive} as has_archive
    from (select a.*, lower(a.user_principal_name) as upn_key from unseen a where ${notDeleted(basis)}) u
    ${usage.join}`;
}

/** What the sign-ins tell of an account `a`. */
function signInsOf({ connection, evidence, noted }: Basis) {
  if (evidence.signInsSnapshotId === null) {
    return { join: sql``, seenOn: sql`null::date`, covered: sql`false` };
  }
  if (noted.signIns) {
    return { join: sql``, seenOn: sql`a.sign_in_on`, covered: sql`a.sign_in_told is true` };
  }
  return {
    join: sql`left join (
      select user_id, evidence_on from snapshot_sign_ins
      where workspace_id = ${connection.workspaceId}
        and snapshot_id = ${evidence.signInsSnapshotId}) s on s.user_id = a.user_id`,
    seenOn: sql`s.evidence_on`,
    covered: sql`s.user_id is not null`,
  };
}

/** What usage tells of an account `u`. Mailboxes are judged by a report of their own, which may be usable when others are not. */
function usageOf({ connection, usageSnapshotId, evidence, noted }: Basis) {
  const usedOn = (day: SQL): SQL => (evidence.usage === null ? sql`null::date` : day);
  if (noted.usage) {
    return {
      join: sql``,
      usedOn: usedOn(sql`u.usage_on`),
      storageBytes: sql`u.mailbox_bytes`,
      hasArchive: sql`u.mailbox_archive`,
    };
  }
  const rows =
    usageSnapshotId === null
      ? sql`(select null as upn_key, null::date as evidence_on, null::bigint as storage_bytes,
          null::boolean as has_archive where false)`
      : largeRows(
          "snapshot_usage_evidence",
          ["upn_key", "evidence_on", "storage_bytes", "has_archive"],
          sql`workspace_id = ${connection.workspaceId} and snapshot_id = ${usageSnapshotId}`,
        );
  return {
    join: sql`left join ${rows} g on g.upn_key = u.upn_key`,
    usedOn: usedOn(sql`g.evidence_on`),
    storageBytes: sql`g.storage_bytes`,
    hasArchive: sql`g.has_archive`,
  };
}

/** An account `a` is not in deletedItems. */
const notDeleted = (basis: Basis): SQL => sql`(a.user_id in (
  select user_id from snapshot_deleted_users
  where workspace_id = ${basis.connection.workspaceId}
    and snapshot_id = ${basis.directorySnapshotId})) is not true`;
