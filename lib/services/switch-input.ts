import { z } from "zod";
import type { Tx } from "#db/client";
import { knowsTenant } from "#db/queries/switch-facts";
import { supersedingSources } from "#lib/domain/precedence";
import { type SwitchScope, tenantChoices } from "#lib/domain/switching";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound } from "./input.ts";

/** Which source is to stand for the others, and where; `tenantId` left out or null = the whole workspace. */
export const switchScopeInput = {
  by: z.enum(supersedingSources),
  tenantId: guid.nullable().default(null),
};

/** What becomes of each tenant without a successor. Only for a whole workspace. */
export const tenantChoicesInput = z
  .array(z.strictObject({ tenantId: guid, choice: z.enum(tenantChoices) }))
  .max(10_000)
  .default([]);

/** A workspace-wide switch is an integration, a tenant's a matter of its connections. Source: DESIGN §2. */
export const requireSwitchRight = (ctx: Ctx, scope: Pick<SwitchScope, "tenantId">): void =>
  requireRight(ctx, scope.tenantId === null ? "manage-integrations" : "manage-connections");

/** @throws UseCaseError `invalid` for a workspace-wide Microsoft 365, `not-found` for a tenant nobody connected here. */
export async function requireScope(tx: Tx, ctx: Ctx, scope: SwitchScope): Promise<void> {
  const { workspaceId } = ctx;
  const { by, tenantId } = scope;
  if (tenantId === null) {
    if (by === "saas-management") return;
    throw new UseCaseError("invalid", "Some of the input cannot be used.", {
      fields: { tenantId: "Choose the tenant: Microsoft 365 is switched to tenant by tenant." },
    });
  }
  if (!(await knowsTenant(tx, { workspaceId, tenantId }))) throw notFound("tenant");
}
