import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { members, type WorkspaceSettings, workspaces } from "#db/schema/workspaces";
import type { Role } from "#lib/domain/role";

export interface Workspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly settings: WorkspaceSettings;
}

const columns = {
  id: workspaces.id,
  slug: workspaces.slug,
  name: workspaces.name,
  settings: workspaces.settings,
};

/** The workspace of the transaction. */
export async function findWorkspace(tx: Tx, workspaceId: string): Promise<Workspace | undefined> {
  const [row] = await tx.select(columns).from(workspaces).where(eq(workspaces.id, workspaceId));
  return row;
}

/** A workspace by its slug. Owner only: programs see no workspace but their transaction's. */
export async function findWorkspaceBySlug(tx: Tx, slug: string): Promise<Workspace | undefined> {
  const [row] = await tx.select(columns).from(workspaces).where(eq(workspaces.slug, slug));
  return row;
}

/**
 * Creates a workspace and fills its price book with the shipped list prices. Owner only. Undefined when the slug is
 * taken. `ownerTenantId`: the tenant whose app role `owner` may make the first owner; null = any that may sign in.
 */
export async function insertWorkspace(
  tx: Tx,
  workspace: {
    readonly slug: string;
    readonly name: string;
    readonly ownerTenantId: string | null;
  },
): Promise<Workspace | undefined> {
  const [row] = await tx
    .insert(workspaces)
    .values({ id: randomUUID(), ...workspace })
    .onConflictDoNothing({ target: workspaces.slug })
    .returning(columns);
  if (row === undefined) return undefined;
  await tx.execute(sql`
    insert into prices (workspace_id, sku_id, amount, currency, source, as_of, origin)
    select ${row.id}::uuid, sku_id, usd_per_user_month::numeric, 'USD', 'list', as_of, origin
    from list_prices`);
  return row;
}

/** Adds a person, or changes the name and role of one who is there (and lets a disabled one in again). Owner only. */
export async function upsertMember(
  tx: Tx,
  member: {
    readonly workspaceId: string;
    readonly tenantId: string;
    readonly objectId: string;
    readonly name: string;
    readonly role: Role;
  },
): Promise<{ readonly memberId: string }> {
  const [row] = await tx
    .insert(members)
    .values(member)
    .onConflictDoUpdate({
      target: [members.workspaceId, members.tenantId, members.objectId],
      set: { name: member.name, role: member.role, disabledAt: null },
    })
    .returning({ memberId: members.id });
  if (row === undefined) throw new Error("The member was not written.");
  return row;
}
