import { eq } from "drizzle-orm";
import type { Tx } from "#db/client";
import { type WorkspaceSettings, workspaces } from "#db/schema/workspaces";

/** A customer of this installation. Settings in days; `createdAt` ISO UTC. */
export interface WorkspaceFacts {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly settings: WorkspaceSettings;
  readonly createdAt: string;
}

/** Undefined outside the workspace's own transaction. */
export async function findWorkspace(
  tx: Tx,
  workspaceId: string,
): Promise<WorkspaceFacts | undefined> {
  const [row] = await tx
    .select({
      id: workspaces.id,
      slug: workspaces.slug,
      name: workspaces.name,
      settings: workspaces.settings,
      createdAt: workspaces.createdAt,
    })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId));
  return row && { ...row, createdAt: row.createdAt.toISOString() };
}
