import { z } from "zod";
import type { Database } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import { upsertMember } from "#db/queries/workspaces";
import type { Role } from "#lib/domain/role";
import { defineCommand } from "../command.ts";
import { name, noOperands, requiredGuid, role, slug } from "../options.ts";
import { commandLineActor, getWorkspace, withOwnerDatabase } from "../owner-database.ts";

/** Adds a person (tenant and object id) to a workspace, or gives one who is there another name and role. */
export function addMember(
  db: Database,
  member: {
    readonly workspaceId: string;
    readonly tenantId: string;
    readonly objectId: string;
    readonly name: string;
    readonly role: Role;
  },
): Promise<{ readonly memberId: string }> {
  return db.outside(async (tx) => {
    const added = await upsertMember(tx, member);
    await recordAudit(tx, {
      workspaceId: member.workspaceId,
      actor: commandLineActor,
      action: "member.added",
      target: { kind: "member", id: added.memberId },
      details: { role: member.role },
    });
    return added;
  });
}

export const memberAddCommand = defineCommand({
  words: "member add",
  usage: "--workspace <slug> --tenant <guid> --object <guid> --name <name> --role <role>",
  summary: "add a person by Entra tenant and object id, or change their role",
  options: {
    workspace: { type: "string" },
    tenant: { type: "string" },
    object: { type: "string" },
    name: { type: "string" },
    role: { type: "string" },
  },
  input: z.object({
    workspace: slug,
    tenant: requiredGuid,
    object: requiredGuid,
    name,
    role,
    operands: noOperands,
  }),
  run: (input, print) =>
    withOwnerDatabase(async (db) => {
      const workspace = await getWorkspace(db, input.workspace);
      const { memberId } = await addMember(db, {
        workspaceId: workspace.id,
        tenantId: input.tenant,
        objectId: input.object,
        name: input.name,
        role: input.role,
      });
      print(`${input.name} is ${input.role} of "${workspace.name}".`);
      print(memberId);
    }),
});
