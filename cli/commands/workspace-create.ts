import { z } from "zod";
import type { Database } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import { insertWorkspace, type Workspace } from "#db/queries/workspaces";
import { CommandError, defineCommand } from "../command.ts";
import { guid, name, noOperands, slug } from "../options.ts";
import { commandLineActor, withOwnerDatabase } from "../owner-database.ts";

/** Creates a workspace with the list prices as its price book. Throws CommandError when the slug is taken. */
export function createWorkspace(
  db: Database,
  input: { readonly slug: string; readonly name: string; readonly ownerTenantId: string | null },
): Promise<Workspace> {
  return db.outside(async (tx) => {
    const workspace = await insertWorkspace(tx, input);
    if (workspace === undefined) {
      throw new CommandError(`There is a workspace "${input.slug}" already.`);
    }
    await recordAudit(tx, {
      workspaceId: workspace.id,
      actor: commandLineActor,
      action: "workspace.created",
      target: { kind: "workspace", id: workspace.id },
    });
    return workspace;
  });
}

export const workspaceCreateCommand = defineCommand({
  words: "workspace create",
  usage: "--slug <slug> --name <name> [--owner-tenant <guid>]",
  summary: "create a workspace; --owner-tenant names the tenant its first owner signs in from",
  options: {
    slug: { type: "string" },
    name: { type: "string" },
    "owner-tenant": { type: "string" },
  },
  input: z.object({ slug, name, "owner-tenant": guid.optional(), operands: noOperands }),
  run: (input, print) =>
    withOwnerDatabase(async (db) => {
      const ownerTenantId = input["owner-tenant"] ?? null;
      const workspace = await createWorkspace(db, {
        slug: input.slug,
        name: input.name,
        ownerTenantId,
      });
      print(`Workspace "${workspace.name}" (${workspace.slug}) was created.`);
      print(workspace.id);
    }),
});
