import type { Tx } from "#db/client";
import { listLastChecks, type OrganisationCheckRow } from "#db/queries/saas-checks";
import { listKnownTenants, listOrganisationConnections } from "#db/queries/saas-connections";
import { listSaasCredentialFacts } from "#db/queries/saas-credentials";
import type { OrganisationRow } from "#db/queries/saas-organisations";
import { secondsSinceWorkerSeen } from "#db/queries/workers";
import type { OrganisationCheckItem, OrganisationItem } from "#lib/domain/organisation-item";
import { organisationStatus } from "#lib/domain/saas-organisation";
import { iso, tell } from "./told.ts";

/** Organisations with their credential's facts, last check, applications and the connections that read those. */
export async function toOrganisationItems(
  tx: Tx,
  workspaceId: string,
  rows: readonly OrganisationRow[],
): Promise<readonly OrganisationItem[]> {
  const credentials = await listSaasCredentialFacts(tx, workspaceId);
  const checks = await listLastChecks(tx, workspaceId);
  const connections = await listOrganisationConnections(tx, { workspaceId, organisationId: null });
  const tenants = await listKnownTenants(tx, { workspaceId });
  const nameOf = new Map(
    tenants.map(({ tenantId, tenantName, connectionName }) => [
      tenantId,
      tenantName ?? connectionName,
    ]),
  );
  const workerSeenSecondsAgo = await secondsSinceWorkerSeen(tx);
  return rows.map((row) => {
    const credential = credentials.get(row.id);
    const check = checks.get(row.id);
    const own = connections.filter(({ organisationId }) => organisationId === row.id);
    const toConnection = ({ id, name, tenantId, status, managedAppId }: (typeof own)[number]) => ({
      id,
      name,
      tenantId,
      tenantName: tenantId === null ? null : (nameOf.get(tenantId) ?? null),
      status,
      managedAppId,
    });
    return {
      id: row.id,
      name: row.name,
      region: row.region,
      orgId: row.orgId,
      status: organisationStatus({
        verified: row.verifiedAt !== null,
        problem: row.problem !== null,
        checking: check?.state === "queued" || check?.state === "running",
      }),
      problem: tell(row.problem),
      verifiedAt: iso(row.verifiedAt),
      credential:
        credential === undefined
          ? null
          : {
              kind: credential.kind,
              state: credential.state,
              version: credential.version,
              expiresAt: iso(credential.expiresAt),
            },
      check: check === undefined ? null : toCheck(check),
      applications: row.applications.map((application) => {
        const reader = own.find(({ managedAppId }) => managedAppId === application.id);
        return { ...application, connection: reader === undefined ? null : toConnection(reader) };
      }),
      connections: own.map(toConnection),
      createdAt: row.createdAt.toISOString(),
      createdBy: row.createdBy,
      workerSeenSecondsAgo,
    };
  });
}

const toCheck = (row: OrganisationCheckRow): OrganisationCheckItem => ({
  id: row.id,
  state: row.state,
  error: tell(row.failure),
  createdAt: row.createdAt.toISOString(),
  finishedAt: iso(row.finishedAt),
});
