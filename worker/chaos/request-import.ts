import { randomUUID } from "node:crypto";
import { queueOfRun } from "#db/queue";
import type { Dataset } from "#lib/domain/import";
import { tenantFromRequest } from "#simulator/specs";
import type { Tenant } from "#simulator/store/tenant";
import {
  createRegisteredConnection,
  type Installation,
  saveSecret,
  type TestConnection,
} from "../testing/installation.ts";
import { throughOutages } from "./outages.ts";
import type { World } from "./world.ts";

/** A tenant and its connection, never verified: its first import does that. */
export interface ConnectedTenant extends TestConnection {
  readonly tenant: Tenant;
}

const secret = "canary8Q~secret-of-the-chaos-program";

/** Adds a simulated tenant and connects it in a workspace of its own. */
export async function connectTenant(
  { installation, microsoft }: Pick<World, "installation" | "microsoft">,
  seed: string,
  size: number,
): Promise<ConnectedTenant> {
  const spec = tenantFromRequest({ seed, size, app: { secret } });
  const tenant = microsoft.store.addTenant(spec);
  const clientId = spec.apps[0]?.clientId ?? "";
  const connection = await throughOutages(async () => {
    const made = await createRegisteredConnection(installation, { tenantId: spec.id, clientId });
    await saveSecret(installation, made, { secret, version: 1, verify: false });
    return made;
  });
  return { ...connection, tenant };
}

/** Asks for an import; returns its id. The jobs may be lost with the database: the reconciler sends them again. */
export async function requestImport(
  { db, queue }: Installation,
  { workspaceId, connectionId }: TestConnection,
  datasets: readonly Dataset[],
): Promise<string> {
  const importId = randomUUID();
  const runs = datasets.map((dataset) => ({ dataset, runId: randomUUID() }));
  await throughOutages(() =>
    db.ownerSql.begin(async (sql) => {
      await sql`
        insert into imports (workspace_id, id, connection_id, trigger, requested_by)
        values (${workspaceId}, ${importId}, ${connectionId}, 'manual', 'chaos')
        on conflict do nothing`;
      for (const { dataset, runId } of runs) {
        await sql`
          insert into dataset_runs (workspace_id, id, connection_id, dataset)
          values (${workspaceId}, ${runId}, ${connectionId}, ${dataset})
          on conflict do nothing`;
        await sql`
          insert into import_runs (workspace_id, import_id, run_id)
          values (${workspaceId}, ${importId}, ${runId}) on conflict do nothing`;
      }
    }),
  );
  await throughOutages(() =>
    db.web.inWorkspace(workspaceId, async (tx) => {
      for (const { dataset, runId } of runs) {
        await queue.send(tx, queueOfRun(dataset), { workspaceId, id: runId }, runId);
      }
    }),
  );
  return importId;
}
