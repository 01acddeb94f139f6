import { and, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { supersessions } from "#db/schema/contracts";
import type { SupersedingSource, Supersession } from "#lib/domain/precedence";
import type { SwitchScope } from "#lib/domain/switching";

/** A supersession as stored. */
export interface SupersessionRow extends SwitchScope {
  readonly id: string;
  readonly keptTenantIds: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

const columns = {
  id: supersessions.id,
  by: supersessions.bySource,
  tenantId: supersessions.tenantId,
  keptTenantIds: supersessions.keptTenantIds,
  createdBy: supersessions.createdBy,
  createdAt: supersessions.createdAt,
};

/** What the rule reads in a row. Only SaaS Management stands for a whole workspace. */
export const toSupersession = (row: {
  readonly by: SupersedingSource;
  readonly tenantId: string | null;
  readonly keptTenantIds: readonly string[];
}): readonly Supersession[] => {
  if (row.tenantId !== null) return [{ by: row.by, tenantId: row.tenantId }];
  return row.by === "saas-management" ? [{ by: row.by, keptTenantIds: row.keptTenantIds }] : [];
};

/** The workspace's rows, or those that can cover one tenant. */
export async function listSupersessionRows(
  tx: Tx,
  scope: { readonly workspaceId: string; readonly tenantId?: string },
): Promise<readonly SupersessionRow[]> {
  return tx
    .select(columns)
    .from(supersessions)
    .where(
      and(
        eq(supersessions.workspaceId, scope.workspaceId),
        scope.tenantId === undefined
          ? undefined
          : or(isNull(supersessions.tenantId), eq(supersessions.tenantId, scope.tenantId)),
      ),
    )
    .orderBy(supersessions.createdAt, supersessions.id);
}

/** The same as the rule takes them. */
export const listSupersessions = async (
  tx: Tx,
  scope: { readonly workspaceId: string; readonly tenantId?: string },
): Promise<readonly Supersession[]> =>
  (await listSupersessionRows(tx, scope)).flatMap(toSupersession);

/** Undefined for an unknown id and for another workspace's. */
export async function findSupersession(
  tx: Tx,
  key: { readonly workspaceId: string; readonly id: string },
): Promise<SupersessionRow | undefined> {
  const [row] = await tx.select(columns).from(supersessions).where(ofKey(key));
  return row;
}

const ofKey = (key: { readonly workspaceId: string; readonly id: string }): SQL | undefined =>
  and(eq(supersessions.workspaceId, key.workspaceId), eq(supersessions.id, key.id));

/** Puts a supersession into force; returns its id. The caller holds the lock that keeps the scope unique. */
export async function insertSupersession(
  tx: Tx,
  input: {
    readonly workspaceId: string;
    readonly supersession: Supersession;
    readonly createdBy: string;
  },
): Promise<string> {
  const { supersession, workspaceId, createdBy } = input;
  const [row] = await tx
    .insert(supersessions)
    .values({
      workspaceId,
      bySource: supersession.by,
      createdBy,
      ...("tenantId" in supersession
        ? { tenantId: supersession.tenantId }
        : { keptTenantIds: [...supersession.keptTenantIds] }),
    })
    .returning({ id: supersessions.id });
  if (row === undefined) throw new Error("A supersession always has an id.");
  return row.id;
}

/** Takes a supersession out of force. False when it was not there any more. */
export async function deleteSupersession(
  tx: Tx,
  key: { readonly workspaceId: string; readonly id: string },
): Promise<boolean> {
  const gone = await tx.delete(supersessions).where(ofKey(key)).returning({ id: supersessions.id });
  return gone.length > 0;
}

/**
 * One at a time decides whose licenses count in a tenant: two sources that publish their first directory at the same
 * moment would not see each other. `tenantId` null: nobody else decides in any tenant of the workspace. Held until the
 * transaction ends. Whoever takes it holds its connections' rows already, so that nobody waits for a row behind it.
 */
export async function lockTenantSources(
  tx: Tx,
  key: { readonly workspaceId: string; readonly tenantId: string | null },
): Promise<void> {
  const workspace = sql`hashtextextended(${`sources ${key.workspaceId}`}, 0)`;
  if (key.tenantId === null) {
    await tx.execute(sql`select pg_advisory_xact_lock(${workspace})`);
    return;
  }
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${workspace})`);
  await tx.execute(sql`
    select pg_advisory_xact_lock(hashtextextended(${`sources ${key.workspaceId} ${key.tenantId}`}, 0))`);
}
