import type postgres from "postgres";
import type { BenchTenant } from "./simulator.ts";

/** Accounts and seats that an importer stored, against those there are. */
export interface RowFigures {
  /** Accounts + seats held, of the truth. */
  readonly rows: number;
  readonly rowsMissing: number;
  /** Rows stored more than once. */
  readonly rowsDuplicate: number;
  /** Rows stored that the truth does not have. */
  readonly rowsWrong: number;
}

const batchLines = 20_000;

/** Who tells what is true, row by row. */
export type TruthTeller = Pick<BenchTenant, "truth">;

/** Loads a tenant's accounts and seats into `bench_truth`: compared in SQL, so that memory stays flat. */
export async function loadTruth(owner: postgres.Sql, tenant: TruthTeller): Promise<void> {
  await owner`drop table if exists bench_truth`;
  await owner`create unlogged table bench_truth (user_id uuid not null, sku_id uuid)`;
  const insert = async (lines: readonly string[], seats: boolean) => {
    await owner`
      insert into bench_truth
      select r."userId", ${seats ? owner`r."skuId"` : owner`null`}
      from jsonb_to_recordset(${`[${lines.join(",")}]`}::text::jsonb)
        as r("userId" uuid, "skuId" uuid, held boolean)
      where ${seats ? owner`r.held` : owner`true`}`;
  };
  for (const kind of ["users", "assignments"] as const) {
    let lines: string[] = [];
    for await (const line of tenant.truth(kind)) {
      lines.push(line);
      if (lines.length < batchLines) continue;
      await insert(lines, kind === "assignments");
      lines = [];
    }
    await insert(lines, kind === "assignments");
  }
  await owner`analyze bench_truth`;
}

/** Compares `stored`, a select of (user_id, sku_id; null for the account itself), with the loaded truth. */
export async function compareWithTruth(
  owner: postgres.Sql,
  stored: postgres.PendingQuery<postgres.Row[]>,
): Promise<RowFigures> {
  return owner.begin(async (tx) => {
    // Rows of a moment ago have no statistics: the planner would join them row by row.
    await tx`set local enable_nestloop = off`;
    const [figures] = await tx<RowFigures[]>`
      with found as (
        select user_id, coalesce(sku_id, user_id) as sku_id, count(*)::int as n
        from (${stored}) s group by 1, 2),
      wanted as (
        select user_id, coalesce(sku_id, user_id) as sku_id from bench_truth)
      select count(w.user_id)::int as rows,
        count(*) filter (where f.user_id is null)::int as "rowsMissing",
        coalesce(sum(f.n - 1), 0)::int as "rowsDuplicate",
        count(*) filter (where w.user_id is null)::int as "rowsWrong"
      from wanted w full join found f using (user_id, sku_id)`;
    if (figures === undefined) throw new Error("Aggregates always give a row.");
    return figures;
  });
}

/** What a snapshot holds: accounts, and seats held. */
export const snapshotRows = (owner: postgres.Sql, workspaceId: string, snapshotId: number) => owner`
  select user_id, null::uuid as sku_id from snapshot_users
  where workspace_id = ${workspaceId} and snapshot_id = ${snapshotId}
  union all
  select u.user_id, n.sku_id
  from snapshot_assignments a
  join snapshot_users u on u.workspace_id = a.workspace_id and u.snapshot_id = a.snapshot_id
    and u.user_no = a.user_no
  join sku_numbers n on n.workspace_id = a.workspace_id and n.no = a.sku_no
  where a.workspace_id = ${workspaceId} and a.snapshot_id = ${snapshotId} and a.holds`;
