import type postgres from "postgres";
import type { TestConnection } from "../../worker/testing/installation.ts";
import type { BenchTenant } from "./simulator.ts";

/** Accounts whose last sign-in was stored, against those there are. */
export interface EvidenceFigures {
  readonly accounts: number;
  readonly missing: number;
  /** Stored for an account that does not count, or with another day. */
  readonly wrong: number;
}

const batchLines = 20_000;

/** Compares a snapshot of sign-ins with the truth: each account once, with the day that counts as use. */
export async function compareSignIns(
  owner: postgres.Sql,
  of: { readonly tenant: BenchTenant; readonly connection: TestConnection },
  snapshotId: number,
): Promise<EvidenceFigures> {
  await owner`drop table if exists bench_evidence`;
  await owner`create unlogged table bench_evidence (user_id uuid primary key, evidence_on date)`;
  const insert = (lines: readonly string[]) => owner`
    insert into bench_evidence
    select r."userId", (r.evidence ->> 'signIns')::date
    from jsonb_to_recordset(${`[${lines.join(",")}]`}::text::jsonb) as r("userId" uuid, evidence jsonb)`;
  let lines: string[] = [];
  for await (const line of of.tenant.truth("users")) {
    lines.push(line);
    if (lines.length < batchLines) continue;
    await insert(lines);
    lines = [];
  }
  if (lines.length > 0) await insert(lines);
  await owner`analyze bench_evidence`;
  const [figures] = await owner<EvidenceFigures[]>`
    select count(w.user_id)::int as accounts,
      count(*) filter (where s.user_id is null)::int as missing,
      count(*) filter (where s.user_id is not null
        and (w.user_id is null or w.evidence_on is distinct from s.evidence_on))::int as wrong
    from bench_evidence w full join (
      select user_id, evidence_on from snapshot_sign_ins
      where workspace_id = ${of.connection.workspaceId} and snapshot_id = ${snapshotId}
    ) s using (user_id)`;
  if (figures === undefined) throw new Error("Aggregates always give a row.");
  return figures;
}
