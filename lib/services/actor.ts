import { hasRight, type Right, type Role } from "#lib/domain/role";
import { UseCaseError } from "./errors.ts";

/** Who acts. `system` is the worker acting for a workspace: schedules, imports. */
export interface Actor {
  readonly kind: "member" | "token" | "system";
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly sessionId?: string;
}

/** Throws `forbidden` unless the actor's role holds the right. Called first in every use case. */
export function requireRight(ctx: { readonly actor: Actor }, right: Right): void {
  if (!hasRight(ctx.actor.role, right)) {
    throw new UseCaseError("forbidden", `Your role (${ctx.actor.role}) does not allow this.`);
  }
}

/** Whether names of people may be shown. DESIGN §2: a right of its own. */
export const maySeePeople = (ctx: { readonly actor: Actor }): boolean =>
  hasRight(ctx.actor.role, "see-people");
