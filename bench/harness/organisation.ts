import type { Ctx } from "../../lib/services/context.ts";
import { createOrganisation } from "../../lib/services/create-organisation.ts";
import { createSaasConnection } from "../../lib/services/create-saas-connection.ts";
import { getOrganisation } from "../../lib/services/get-organisation.ts";
import type { TestConnection } from "../../worker/testing/installation.ts";
import { waitFor } from "../../worker/testing/wait-for.ts";
import { type BenchSimulator, type BenchTenant, ndjson } from "./simulator.ts";

/** An organisation of the simulated SaaS Management that manages one tenant. */
export interface BenchOrganisation {
  /** Connected through it by the use cases of the web program; a running worker verifies the credential. */
  connect(ctx: Ctx): Promise<TestConnection>;
  /** Requests to SaaS Management with its token, and those for accounts, since it was made. */
  requests(): Promise<{ readonly total: number; readonly appUsers: number }>;
  /** What an importer of its application must find, row by row. */
  truth(of: "users" | "assignments"): AsyncIterable<string>;
}

const orgId = "28010";
const refreshToken = "refresh-of-the-benchmark";

/** `pageSize`: accounts on a page; the service's own is not documented. */
export async function addOrganisation(
  simulator: BenchSimulator,
  tenant: BenchTenant,
  pageSize: number,
): Promise<BenchOrganisation> {
  const home = `${simulator.loginOrigin}/_simulator/saas-management/organisations`;
  const ask = async (url: string, init?: RequestInit): Promise<Response> => {
    const response = await fetch(url, init);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return response;
  };
  const body = { id: orgId, tenantIds: [tenant.tenantId], refreshToken, pageSize };
  await ask(home, { method: "PUT", body: JSON.stringify(body) });
  return {
    connect: (ctx) => connectThrough(ctx, tenant.tenantId),
    requests: async () =>
      JSON.parse(await (await ask(`${home}/${orgId}/requests`)).text()) as {
        total: number;
        appUsers: number;
      },
    truth: (of) => ndjson(() => ask(`${home}/${orgId}/tenants/${tenant.tenantId}/truth/${of}`)),
  };
}

async function connectThrough(ctx: Ctx, tenantId: string): Promise<TestConnection> {
  const { id: organisationId } = await createOrganisation(ctx, {
    name: "Bench",
    region: "na",
    orgId,
    credential: { kind: "refresh-token", refreshToken },
  });
  const application = await waitFor(
    "the organisation verified",
    async () => {
      const { status, applications } = await getOrganisation(ctx, { organisationId });
      return status === "ready" && applications[0];
    },
    120_000,
  );
  const { id } = await createSaasConnection(ctx, {
    name: "Bench",
    organisationId,
    managedAppId: application.id,
    tenantId,
  });
  return { workspaceId: ctx.workspaceId, connectionId: id };
}
