import { z } from "zod";
import { clouds, methods } from "#lib/domain/connection";
import type { Ctx } from "#lib/services/context";
import { createDraft } from "#lib/services/create-draft";
import { updateConnection } from "#lib/services/update-connection";

/** The answers of "Tenant and cloud" as they were typed; the use cases judge them field by field. */
export const saveTenantInput = z.strictObject({
  /** Null = no draft is stored yet. */
  connectionId: z.string().nullable(),
  method: z.enum(methods),
  name: z.string(),
  tenantHint: z.string().nullable(),
  cloud: z.enum(clouds),
});

/** Stores the answers in a new draft or in the one there is. @throws UseCaseError as those two use cases. */
export async function saveTenant(
  ctx: Ctx,
  { connectionId, tenantHint, ...answers }: z.output<typeof saveTenantInput>,
): Promise<{ readonly id: string }> {
  if (connectionId !== null) {
    const { id } = await updateConnection(ctx, { connectionId, tenantHint, ...answers });
    return { id };
  }
  return createDraft(ctx, {
    ...answers,
    source: "microsoft-365",
    ...(tenantHint === null ? {} : { tenantHint }),
  });
}
