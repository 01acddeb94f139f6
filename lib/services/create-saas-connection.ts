import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Tx } from "#db/client";
import {
  findConnectionOfApplication,
  insertSaasConnection,
  listKnownTenants,
} from "#db/queries/saas-connections";
import {
  lockOrganisation,
  type OrganisationKey,
  type OrganisationRow,
} from "#db/queries/saas-organisations";
import { takeOverSkuMappings } from "#db/queries/sku-mappings";
import type { ConnectionStatus } from "#lib/domain/connection";
import { type ListedApplication, readTogetherWith } from "#lib/domain/saas-organisation";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import { connectionName } from "./connection-input.ts";
import type { Ctx } from "./context.ts";
import { alreadyConnected } from "./create-connection.ts";
import { giveDefaultSchedule } from "./default-schedule.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const createSaasConnectionInput = z.strictObject({
  name: connectionName,
  organisationId: guid,
  /** The application's number, as the organisation lists it. */
  managedAppId: z.string().trim().min(1, "Choose an application.").max(200),
  tenantId: guid,
});

/**
 * Connects a tenant through the organisation's application that stands for it. It is ready at once: the organisation's
 * credential is verified, and has listed the application. What an application stands for is the customer's word, so that
 * nothing is claimed outside this workspace. What people mapped for the application before stays mapped. Source: DESIGN
 * §7 step 3c, docs/adr/0018 and 0020. Right: manage-connections.
 * @throws UseCaseError `invalid` per field, `not-found`; `conflict` with the id of the connection that has the tenant or
 * the application already, or one with which it is read.
 */
export async function createSaasConnection(
  ctx: Ctx,
  input: z.input<typeof createSaasConnectionInput>,
): Promise<{ readonly id: string; readonly status: ConnectionStatus }> {
  requireRight(ctx, "manage-connections");
  const request = parseInput(createSaasConnectionInput, input);
  const { organisationId, managedAppId, tenantId } = request;
  const { workspaceId } = ctx;
  const id = randomUUID();
  return inWorkspace(ctx, async (tx) => {
    const organisation = await lockOrganisation(tx, { workspaceId, organisationId });
    if (organisation === undefined) throw notFound("organisation");
    const { verifiedAt } = requireVerified(organisation);
    requireListed(organisation.applications, managedAppId);
    await requireApart(tx, { workspaceId, organisationId }, organisation, managedAppId);
    const [known] = await listKnownTenants(tx, { workspaceId, tenantId });
    const inserted = await insertSaasConnection(tx, {
      ...request,
      workspaceId,
      id,
      tenantName: known?.tenantName ?? null,
      tenantDomain: known?.tenantDomain ?? null,
      cloud: known?.cloud ?? "global",
      verifiedAt,
      createdBy: ctx.actor.name,
    });
    if (!inserted) throw await refusal(tx, ctx, request);
    const key = { workspaceId, connectionId: id };
    await giveDefaultSchedule(tx, key);
    const kept = await takeOverSkuMappings(tx, { ...key, organisationId, managedAppId });
    await auditChange(tx, ctx, {
      action: "connection.created",
      target: { kind: "connection", id },
      details: {
        source: "saas-management",
        organisationId,
        managedAppId,
        tenantId,
        mappingsKept: kept.count,
        ...(kept.count > 0 ? { mappingsFrom: kept.from } : {}),
      },
    });
    return { id, status: "ready" };
  });
}

function requireVerified(organisation: OrganisationRow): { readonly verifiedAt: Date } {
  const { verifiedAt, problem } = organisation;
  if (verifiedAt !== null && problem === null) return { verifiedAt };
  throw new UseCaseError(
    "conflict",
    verifiedAt === null
      ? "The organisation's credential has yet to be verified."
      : "The organisation's credential does not work any more. Replace it first.",
  );
}

function requireListed(applications: readonly ListedApplication[], managedAppId: string): void {
  const application = applications.find(({ id }) => id === managedAppId);
  if (application !== undefined && application.listed !== "contradictory") return;
  throw new UseCaseError("invalid", "This application cannot be connected.", {
    fields: {
      managedAppId:
        application === undefined
          ? "The organisation does not list this application among Microsoft's."
          : "SaaS Management lists this application twice, and not alike, so that its figures could be either's. Have the duplicate removed there, then check the organisation again.",
    },
  });
}

/** Applications below one are read with it: connected by themselves as well, they would be counted twice. */
async function requireApart(
  tx: Tx,
  key: OrganisationKey,
  { applications }: OrganisationRow,
  managedAppId: string,
): Promise<void> {
  for (const other of readTogetherWith(applications, managedAppId)) {
    const existingId = await findConnectionOfApplication(tx, { ...key, managedAppId: other });
    if (existingId === undefined) continue;
    throw new UseCaseError("conflict", "This application is read with another one.", {
      existingId,
      fields: {
        managedAppId:
          "A connection of this workspace reads another application with which this one is read.",
      },
    });
  }
}

/** Which of the two is in the way: one application stands for one tenant, and the other way round. */
async function refusal(
  tx: Tx,
  ctx: Ctx,
  asked: z.output<typeof createSaasConnectionInput>,
): Promise<UseCaseError> {
  const { organisationId, managedAppId, tenantId } = asked;
  const key = { workspaceId: ctx.workspaceId, organisationId, managedAppId };
  const existingId = await findConnectionOfApplication(tx, key);
  if (existingId === undefined) return alreadyConnected(tx, ctx, tenantId, "saas-management");
  return new UseCaseError("conflict", "This application is connected already.", {
    existingId,
    fields: { managedAppId: "A connection of this workspace reads this application." },
  });
}
