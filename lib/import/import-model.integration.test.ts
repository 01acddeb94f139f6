import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Dataset, datasets } from "#lib/domain/import";
import { cancelActiveRuns, insertRun } from "../../db/queries/import-changes.ts";
import { createImportStore } from "../../db/queries/import-store.ts";
import { discardHeldRun, publishHeldRun } from "../../db/queries/publish.ts";
import { recomputeReconciliation } from "../../db/queries/reconcile.ts";
import { createTestConnection } from "../../db/testing/import-fixtures.ts";
import { createTestDatabase, type TestDatabase } from "../../db/testing/test-database.ts";
import type { RunState, Sight } from "./testing/import-model.ts";
import { histories } from "./testing/import-model-ops.ts";
import { type ModelStore, playHistory } from "./testing/import-model-system.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.close());

const decidedBy = "analyst";

/** A connection of a workspace of its own; what a person does goes through the web program's role. */
async function postgresSystem(): Promise<ModelStore & { readonly connectionId: string }> {
  const { workspaceId, connectionId } = await createTestConnection(db);
  const lock = sql`select 1 from connections
    where workspace_id = ${workspaceId} and id = ${connectionId} for no key update`;
  return {
    connectionId,
    store: createImportStore(db.worker),
    ask: (dataset) =>
      db.web.inWorkspace(workspaceId, async (tx) => {
        const runId = await insertRun(tx, { workspaceId, connectionId, dataset });
        return runId === undefined ? null : { workspaceId, runId };
      }),
    cancel: (runId) =>
      db.web.inWorkspace(workspaceId, async (tx) => {
        await tx.execute(lock);
        const scope = { workspaceId, connectionId, runIds: [runId], decidedBy };
        return (await cancelActiveRuns(tx, scope)).length === 1 ? "cancelled" : "nothing";
      }),
    decide: (runId, word) =>
      db.web.inWorkspace(workspaceId, (tx) =>
        word === "publish-held"
          ? publishHeldRun(tx, { workspaceId, runId, decidedBy })
          : discardHeldRun(tx, { workspaceId, runId, decidedBy }),
      ),
    recompute: () =>
      db.worker.inWorkspace(workspaceId, async (tx) => {
        const input = { workspaceId, connectionId, cause: "settings" } as const;
        return (await recomputeReconciliation(tx, input)) === null ? "nothing" : "recomputed";
      }),
    look: (runs) => look(workspaceId, connectionId, runs),
  };
}

interface Row extends Record<string, unknown> {
  readonly states: Readonly<Record<string, RunState>>;
  readonly published: boolean;
  readonly directory: string | null;
  readonly sign_ins: string | null;
  readonly usage: string | null;
}

/** The last digit of an id of the test's rows. */
const digit = (id: string) => sql.raw(`right(${id}::text, 1)`);

/** One statement, so one moment. Readers go through the reconciliation, never through a dataset's own pointer. */
async function look(
  workspaceId: string,
  connectionId: string,
  runs: Readonly<Record<Dataset, readonly string[]>>,
): Promise<Sight> {
  const [row] = await db.web.inWorkspace(workspaceId, (tx) =>
    tx.execute<Row>(sql`
      select r.id is not null as published,
        (select coalesce(jsonb_object_agg(d.id, d.state), '{}') from dataset_runs d
          where d.workspace_id = c.workspace_id and d.connection_id = c.id) as states,
        (select coalesce(string_agg(${digit("u.user_id")} || ':' || ${digit("n.sku_id")}, ' '
            order by u.user_id), '')
          from snapshot_users u
          left join snapshot_assignments a on a.workspace_id = u.workspace_id
            and a.snapshot_id = u.snapshot_id and a.user_no = u.user_no
          left join sku_numbers n on n.workspace_id = a.workspace_id and n.no = a.sku_no
          where u.workspace_id = r.workspace_id and u.snapshot_id = r.directory_snapshot_id) as directory,
        case when r.sign_ins_snapshot_id is not null then (
          select coalesce(string_agg(${digit("s.user_id")}, ' ' order by s.user_id), '')
          from snapshot_sign_ins s
          where s.workspace_id = r.workspace_id and s.snapshot_id = r.sign_ins_snapshot_id) end as sign_ins,
        case when r.usage_snapshot_id is not null then (
          select coalesce(string_agg(substr(g.upn_key, 5, 1), ' ' order by g.upn_key), '')
          from snapshot_usage g
          where g.workspace_id = r.workspace_id and g.snapshot_id = r.usage_snapshot_id) end as usage
      from connections c
      left join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
      where c.workspace_id = ${workspaceId} and c.id = ${connectionId}`),
  );
  if (row === undefined) throw new Error("the connection is there");
  const states = (dataset: Dataset) =>
    runs[dataset].map((runId): RunState => row.states[runId] ?? "queued");
  return {
    runs: {
      directory: states("directory"),
      "sign-ins": states("sign-ins"),
      usage: states("usage"),
    },
    shown: row.published
      ? { directory: row.directory, "sign-ins": row.sign_ins, usage: row.usage }
      : null,
  };
}

/** Each publish has its own epoch, and reconciliations name snapshots in the order they were published. */
async function expectOneMovePerEpoch(connectionId: string): Promise<void> {
  const moves = await db.ownerSql<{ dataset: Dataset; epoch: number; published: number }[]>`
    select r.dataset, r.epoch, count(*)::int as published
    from dataset_runs r where r.connection_id = ${connectionId} and r.state = 'succeeded'
    group by r.dataset, r.epoch having count(*) > 1`;
  expect(moves).toEqual([]);
  const named = await db.ownerSql<Record<Dataset, string | null>[]>`
    select directory_snapshot_id as directory, sign_ins_snapshot_id as "sign-ins", usage_snapshot_id as usage
    from reconciliations where connection_id = ${connectionId} order by id`;
  for (const dataset of datasets) {
    const ids = named.map((row) => Number(row[dataset] ?? 0));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  }
}

it(
  "the PostgreSQL store answers as the model does, whatever workers do one after the other or at once",
  () =>
    fc.assert(
      fc.asyncProperty(histories(60), async (history) => {
        const system = await postgresSystem();
        await playHistory(system, history);
        await expectOneMovePerEpoch(system.connectionId);
      }),
      { numRuns: 25, endOnFailure: true },
    ),
  120_000,
);
