import type { Tx } from "#db/client";
import { type ConnectionRow, listHeldImports } from "#db/queries/connections";
import { type CredentialFacts, listCredentialFacts } from "#db/queries/credentials";
import { listLastImports, listRunsOfImports } from "#db/queries/imports";
import type { ConnectionItem, Disconnected } from "#lib/domain/connection-item";
import type { FailureContext } from "#lib/domain/failure-context";
import { toUtcDay } from "#lib/domain/utc-day";
import { certificateFacts } from "./certificate.ts";
import type { Ctx } from "./context.ts";
import { limitsOfRuns, stateOfImport, timesOfImport } from "./import-view.ts";
import { readSchedules } from "./schedule-view.ts";
import { iso, tell } from "./told.ts";

/** What is known around a connection's failures. */
export const contextOf = (
  row: ConnectionRow,
  credential: CredentialFacts | null = null,
): FailureContext => ({
  method: row.method,
  tenant: row.tenantName ?? row.tenantDomain ?? row.tenantId ?? row.tenantHint,
  publishedOn: {
    directory: toUtcDay(row.asOf.directory),
    "sign-ins": toUtcDay(row.asOf.signIns),
    usage: toUtcDay(row.asOf.usage),
  },
  credential:
    credential === null
      ? null
      : { kind: credential.kind, expiresOn: toUtcDay(credential.expiresAt) },
});

/** Connections with their credential's facts, last and held import, and schedule. */
export async function toConnectionItems(
  tx: Tx,
  ctx: Ctx,
  rows: readonly ConnectionRow[],
): Promise<readonly ConnectionItem[]> {
  const { workspaceId } = ctx;
  const connectionIds = rows.map((row) => row.id);
  const credentials = await listCredentialFacts(tx, { workspaceId, connectionIds });
  const held = await listHeldImports(tx, { workspaceId, connectionIds });
  const last = await listLastImports(tx, { workspaceId, connectionIds });
  const importIds = last.map((row) => row.id);
  const runs = await listRunsOfImports(tx, { workspaceId, importIds });
  const lastByConnection = new Map(last.map((row) => [row.connectionId, row]));
  const items = rows.map((row) => {
    const credential = credentials.get(row.id) ?? null;
    const lastImport = lastByConnection.get(row.id);
    const lastRuns = lastImport === undefined ? [] : (runs.get(lastImport.id) ?? []);
    return {
      ...plainColumns(row),
      problem: tell(row.problem, contextOf(row, credential)),
      credential:
        credential === null
          ? null
          : {
              kind: credential.kind,
              expiresAt: iso(credential.expiresAt),
              version: credential.version,
              thumbprint:
                credential.certificate === null
                  ? null
                  : certificateFacts(credential.certificate).sha1,
            },
      lastImport:
        lastImport === undefined
          ? null
          : {
              id: lastImport.id,
              state: stateOfImport(lastRuns, row.declinedPermissions),
              createdAt: lastImport.createdAt.toISOString(),
              finishedAt: timesOfImport(lastRuns).finishedAt,
              limits: limitsOfRuns(lastRuns),
            },
      heldImportId: held.get(row.id) ?? null,
    };
  });
  const schedules = await readSchedules(tx, workspaceId, items);
  return items.map((item) => ({ ...item, schedule: schedules.get(item.id) ?? null }));
}

const plainColumns = (row: ConnectionRow) => ({
  id: row.id,
  name: row.name,
  source: row.source,
  method: row.method,
  cloud: row.cloud,
  tenantId: row.tenantId,
  tenantName: row.tenantName,
  tenantDomain: row.tenantDomain,
  clientId: row.clientId,
  status: row.status,
  newPermissions: newPermissions(row),
  asOf: row.asOf,
  licenses: row.licenses,
  atRisk: row.atRisk,
  idleUnits: row.idleUnits,
  leftOut: row.leftOut,
  createdAt: row.createdAt.toISOString(),
  createdBy: row.createdBy,
  enterprise: row.enterprise,
  disconnected: disconnectedOf(row),
});

const newPermissions = ({ askedPermissions, declinedPermissions, status }: ConnectionRow) =>
  askedPermissions === null || status === "disconnected"
    ? []
    : declinedPermissions.filter((name) => !askedPermissions.includes(name));

/** Connections that ended before reasons were kept ended because somebody asked. */
const disconnectedOf = (row: ConnectionRow): Disconnected | null =>
  row.disconnectedAt === null
    ? null
    : {
        at: row.disconnectedAt.toISOString(),
        by: row.disconnectedBy,
        because: row.disconnectedBecause ?? "asked",
      };
