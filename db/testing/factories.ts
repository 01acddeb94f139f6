import { randomUUID } from "node:crypto";
import type { TestDatabase } from "./test-database.ts";

/** A workspace with one owner, unlike any other. */
export interface TestWorkspace {
  readonly workspaceId: string;
  readonly slug: string;
  readonly name: string;
  readonly owner: {
    readonly memberId: string;
    readonly tenantId: string;
    readonly objectId: string;
    readonly name: string;
  };
}

/** Creates a workspace and its owner, past the walls. */
export async function createWorkspace(db: Pick<TestDatabase, "ownerSql">): Promise<TestWorkspace> {
  const workspaceId = randomUUID();
  const slug = `w-${workspaceId.slice(0, 13)}`;
  const name = `Workspace ${workspaceId.slice(0, 8)}`;
  const owner = {
    memberId: randomUUID(),
    tenantId: randomUUID(),
    objectId: randomUUID(),
    name: `Owner of ${slug}`,
  };
  await db.ownerSql`insert into workspaces (id, slug, name) values (${workspaceId}, ${slug}, ${name})`;
  await db.ownerSql`
    insert into members (workspace_id, id, tenant_id, object_id, name, role)
    values (${workspaceId}, ${owner.memberId}, ${owner.tenantId}, ${owner.objectId}, ${owner.name}, 'owner')`;
  return { workspaceId, slug, name, owner };
}
