import { setTimeout as sleep } from "node:timers/promises";
import type postgres from "postgres";
import { openOwner } from "#db/owner";
import type { Dataset, RunState } from "#lib/domain/import";
import { throughOutages } from "./outages.ts";

/** How far a run is, as the tables say. */
export interface RunSight {
  readonly dataset: Dataset;
  readonly state: RunState;
  /** Grows with every sign of progress (database time, ms). */
  readonly progressAt: number;
  /** Pages of accounts stored, in whatever attempt. */
  readonly userPages: number;
  /** Every read has ended; what is left is to publish. */
  readonly allRead: boolean;
  /** A transaction somewhere writes a reconciliation at this moment. */
  readonly publishing: boolean;
  readonly failure: string | null;
}

/** Watches the runs of a long program from behind, with one statement at a time. */
export interface Observer {
  /** Runs of this import; one that is not listed is not there yet. */
  runsOf(importId: string): readonly RunSight[];
  /** Resolves at the next look at the tables. */
  look(): Promise<void>;
  close(): Promise<void>;
}

const everyMs = 15;

interface Row {
  readonly import_id: string;
  readonly dataset: Dataset;
  readonly state: RunState;
  readonly progress_at: number;
  readonly user_pages: number;
  readonly all_read: boolean;
  readonly publishing: boolean;
  readonly failure: string | null;
}

const lookAtRuns = (sql: postgres.Sql, watched: readonly string[]) => sql<Row[]>`
  select i.import_id, r.dataset, r.state, extract(epoch from r.progress_at)::float8 * 1000 as progress_at,
    coalesce(c.user_pages, 0) as user_pages, coalesce(c.all_read, false) as all_read,
    exists (select from pg_locks l where l.relation = 'reconciliations'::regclass
      and l.mode = 'RowExclusiveLock' and l.granted) as publishing,
    r.failure ->> 'code' as failure
  from import_runs i
  join dataset_runs r on r.workspace_id = i.workspace_id and r.id = i.run_id
  left join lateral (
    select max(page_no) filter (where read = 'users') as user_pages,
      bool_and(c.state in ('complete', 'unavailable', 'failed')) as all_read
    from read_checkpoints c where c.workspace_id = r.workspace_id and c.run_id = r.id) c on true
  where i.import_id = any(${watched}::uuid[])`;

/** Starts watching; `watched` names the imports of interest at each look. */
export function startObserver(ownerUrl: string, watched: () => readonly string[]): Observer {
  const sql = openOwner(ownerUrl);
  let sights = new Map<string, RunSight[]>();
  let looking = true;
  let seen = Promise.withResolvers<void>();
  const loop = (async () => {
    while (looking) {
      const rows = await throughOutages(() => lookAtRuns(sql, watched()));
      const next = new Map<string, RunSight[]>();
      for (const row of rows) {
        const { import_id, progress_at, user_pages, all_read, ...rest } = row;
        const sight = { progressAt: progress_at, userPages: user_pages, allRead: all_read };
        next.set(import_id, [...(next.get(import_id) ?? []), { ...rest, ...sight }]);
      }
      sights = next;
      seen.resolve();
      seen = Promise.withResolvers();
      await sleep(everyMs);
    }
  })();
  loop.catch((error: unknown) => seen.reject(error));
  return {
    runsOf: (importId) => sights.get(importId) ?? [],
    look: () => seen.promise,
    async close() {
      looking = false;
      await loop;
      await sql.end({ timeout: 5 });
    },
  };
}
