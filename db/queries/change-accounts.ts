import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { snapshotAssignments } from "#db/schema/snapshots";
import { type Origin, originOf } from "./assignment-origin.ts";
import type { ConnectionKey } from "./connections.ts";

/** An account as the published directory has it. */
export interface PublishedAccount {
  readonly snapshotId: number;
  readonly userNo: number;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly department: string | null;
  readonly jobTitle: string | null;
  readonly blocked: boolean;
  readonly guest: boolean;
  readonly createdAt: string | null;
}

/** When the published directory of a connection was read; null before the first publish. */
export async function directoryAsOf(tx: Tx, key: ConnectionKey): Promise<string | null> {
  const [row] = await tx.execute<{ as_of: string }>(sql`
    select s.as_of from dataset_epochs e
    join snapshots s on s.workspace_id = e.workspace_id and s.id = e.snapshot_id
    where e.workspace_id = ${key.workspaceId} and e.connection_id = ${key.connectionId}
      and e.dataset = 'directory'`);
  return row === undefined ? null : new Date(row.as_of).toISOString();
}

/** The account in the connection's published directory; undefined when it is not there, or there as deleted. */
export async function findPublishedAccount(
  tx: Tx,
  key: ConnectionKey & { readonly userId: string },
): Promise<PublishedAccount | undefined> {
  const [row] = await tx.execute<{
    snapshot_id: string;
    user_no: number;
    display_name: string | null;
    user_principal_name: string | null;
    department: string | null;
    job_title: string | null;
    blocked: boolean;
    guest: boolean;
    created_at: string | null;
  }>(sql`
    select u.snapshot_id, u.user_no, u.display_name, u.user_principal_name, u.department, u.job_title,
      u.account_enabled is false as blocked, coalesce(u.user_type = 'Guest', false) as guest, u.created_at
    from dataset_epochs e
    join snapshot_users u on u.workspace_id = e.workspace_id and u.snapshot_id = e.snapshot_id
    where e.workspace_id = ${key.workspaceId} and e.connection_id = ${key.connectionId}
      and e.dataset = 'directory' and u.user_id = ${key.userId}::uuid and not u.deleted`);
  if (row === undefined) return undefined;
  return {
    snapshotId: Number(row.snapshot_id),
    userNo: row.user_no,
    displayName: row.display_name,
    userPrincipalName: row.user_principal_name,
    department: row.department,
    jobTitle: row.job_title,
    blocked: row.blocked,
    guest: row.guest,
    createdAt: toIso(row.created_at),
  };
}

/** A license an account holds. */
export interface HeldByAccount {
  readonly licenseId: string;
  readonly productName: string;
  readonly origin: Origin;
  readonly assignedAt: string | null;
}

/** What an account of a directory snapshot holds, by product. */
export async function listHeldBy(
  tx: Tx,
  key: ConnectionKey & { readonly snapshotId: number; readonly userNo: number },
): Promise<readonly HeldByAccount[]> {
  const held = and(
    eq(snapshotAssignments.workspaceId, key.workspaceId),
    eq(snapshotAssignments.snapshotId, key.snapshotId),
    eq(snapshotAssignments.userNo, key.userNo),
    eq(snapshotAssignments.holds, true),
  );
  const rows = await tx.execute<{
    license_id: string;
    product_name: string;
    origin: Origin;
    assigned_at: string | null;
  }>(sql`
    select l.id as license_id, l.product_name, ${originOf} as origin,
      ${snapshotAssignments.assignedAt} as assigned_at
    from ${snapshotAssignments}
    join sku_numbers n on n.workspace_id = ${key.workspaceId} and n.no = ${snapshotAssignments.skuNo}
    join connections c on c.workspace_id = n.workspace_id and c.id = ${key.connectionId}
    left join snapshot_skus k on c.source = 'saas-management' and k.workspace_id = n.workspace_id
      and k.snapshot_id = ${key.snapshotId} and k.reading = 2 and k.sku_no = n.no
    join licenses l on l.workspace_id = n.workspace_id and l.source = c.source
      and l.tenant_id = c.tenant_id
      and l.external_id = coalesce(k.external_id, 'sku:' || n.name, n.sku_id::text)
    where ${held}
    order by l.product_name, l.id`);
  return rows.map((row) => ({
    licenseId: row.license_id,
    productName: row.product_name,
    origin: row.origin,
    assignedAt: toIso(row.assigned_at),
  }));
}

const toIso = (instant: string | null): string | null =>
  instant === null ? null : new Date(instant).toISOString();
