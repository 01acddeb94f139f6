import { z } from "zod";
import type { ConnectionStatus } from "#lib/domain/connection";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { createConnection, createConnectionInput } from "./create-connection.ts";
import {
  createPackageConnection,
  createPackageConnectionInput,
} from "./create-package-connection.ts";
import { createSaasConnection, createSaasConnectionInput } from "./create-saas-connection.ts";
import { parseInput } from "./input.ts";

/** The deprecated connector has one way only, so a method need not be said. */
const packages = createPackageConnectionInput.extend({
  source: z.literal("office-365-deprecated"),
  method: z.null("Leave the method out: packages are all this source takes.").optional(),
});

/** The organisation's credential is verified already; which of its applications it is says the rest. */
const saas = createSaasConnectionInput.extend({
  source: z.literal("saas-management"),
  method: z
    .null("Leave the method out: the organisation's credential is all this source takes.")
    .optional(),
});

export const connectTenantInput = z.discriminatedUnion("source", [
  createConnectionInput,
  packages,
  saas,
]);

/** What the caller follows: the connection, and the check of its credential where it has one. */
export interface ConnectedTenant {
  readonly id: string;
  readonly status: ConnectionStatus;
  readonly verificationId: string | null;
}

/**
 * Connects a tenant for the source that the input names. Right: manage-connections, with a credential manage-credentials
 * as well.
 * @throws UseCaseError as createConnection, createPackageConnection and createSaasConnection do.
 */
export async function connectTenant(
  ctx: Ctx,
  input: z.input<typeof connectTenantInput>,
): Promise<ConnectedTenant> {
  requireRight(ctx, "manage-connections");
  parseInput(connectTenantInput, input);
  switch (input.source) {
    case "microsoft-365":
      return createConnection(ctx, input);
    case "office-365-deprecated": {
      const { source: _, method: __, ...request } = input;
      const { id } = await createPackageConnection(ctx, request);
      return { id, status: "draft", verificationId: null };
    }
    case "saas-management": {
      const { source: _, method: __, ...request } = input;
      return { ...(await createSaasConnection(ctx, request)), verificationId: null };
    }
    default:
      return input satisfies never;
  }
}
