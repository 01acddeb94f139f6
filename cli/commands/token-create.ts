import { z } from "zod";
import type { Database } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import { databaseNow } from "#db/queries/clock";
import { insertApiToken } from "#db/queries/tokens";
import type { Role } from "#lib/domain/role";
import { defineCommand } from "../command.ts";
import { name, noOperands, role, slug } from "../options.ts";
import { commandLineActor, getWorkspace, withOwnerDatabase } from "../owner-database.ts";

const dayMs = 86_400_000;
const defaultDays = 90;
const mostDays = 3650;

/**
 * Creates an API token that expires after `days` of database time, by which it is judged. Its text is in the answer and
 * nowhere else.
 */
export function createToken(
  db: Database,
  input: {
    readonly workspaceId: string;
    readonly name: string;
    readonly role: Role;
    readonly days: number;
  },
): Promise<{ readonly tokenId: string; readonly token: string; readonly expiresAt: Date }> {
  return db.outside(async (tx) => {
    const expiresAt = new Date((await databaseNow(tx)).getTime() + input.days * dayMs);
    const { tokenId, token } = await insertApiToken(tx, {
      workspaceId: input.workspaceId,
      name: input.name,
      role: input.role,
      createdBy: commandLineActor.name,
      expiresAt,
    });
    await recordAudit(tx, {
      workspaceId: input.workspaceId,
      actor: commandLineActor,
      action: "token.created",
      target: { kind: "token", id: tokenId },
      details: { name: input.name, role: input.role, expiresAt: expiresAt.toISOString() },
    });
    return { tokenId, token, expiresAt };
  });
}

const days = z
  .string()
  .regex(/^\d{1,4}$/, `must be a number of days, 1 to ${mostDays}`)
  .transform(Number)
  .refine((value) => value >= 1 && value <= mostDays, `must be 1 to ${mostDays} days`);

/** Prints the token once, alone on the last line (DESIGN §6). */
export const tokenCreateCommand = defineCommand({
  words: "token create",
  usage: "--workspace <slug> --role <role> --name <name> [--expires <days>]",
  summary: `create an API token (${defaultDays} days); printed once, on the last line`,
  options: {
    workspace: { type: "string" },
    role: { type: "string" },
    name: { type: "string" },
    expires: { type: "string" },
  },
  input: z.object({
    workspace: slug,
    role,
    name,
    expires: days.default(defaultDays),
    operands: noOperands,
  }),
  run: (input, print) =>
    withOwnerDatabase(async (db) => {
      const workspace = await getWorkspace(db, input.workspace);
      const { token, expiresAt } = await createToken(db, {
        workspaceId: workspace.id,
        name: input.name,
        role: input.role,
        days: input.expires,
      });
      print(
        `Token "${input.name}" (${input.role}) of "${workspace.name}", valid until ${expiresAt.toISOString()}:`,
      );
      print(token);
    }),
});
