import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Installation, TestConnection } from "./installation.ts";

/** What a reader finds at one moment, through the web program's role; null before the first publish. */
interface Sight extends Record<string, unknown> {
  readonly reconciliation: number;
  readonly figures: string;
}

/** A person who looks at the numbers all the time. */
export interface Reader {
  /** Reconciliations in the order they were first seen. Rejects when one of them ever showed two sets of figures. */
  stop(): Promise<readonly number[]>;
}

/**
 * Reads the connection's published figures again and again while something happens to the worker: positions, seats
 * behind them, opportunities and history of the reconciliation the connection points to, as one digest.
 */
export function watchAsReader({ db }: Installation, connection: TestConnection): Reader {
  const { workspaceId, connectionId } = connection;
  const seen = new Map<number, Set<string>>();
  let reading = true;
  const look = () =>
    db.web.inWorkspace(workspaceId, (tx) =>
      tx.execute<Sight>(sql`
        select r.id as reconciliation, concat_ws('/',
          (select count(*) || ':' || sum(p.consumed) || ':' || sum(p.idle_units) from license_positions p
            where p.workspace_id = r.workspace_id and p.reconciliation_id = r.id),
          (select count(*) from opportunities o
            where o.workspace_id = r.workspace_id and o.reconciliation_id = r.id),
          (select count(*) from snapshot_users u
            where u.workspace_id = r.workspace_id and u.snapshot_id = r.directory_snapshot_id),
          (select count(*) from snapshot_assignments a
            where a.workspace_id = r.workspace_id and a.snapshot_id = r.directory_snapshot_id
              and a.holds)) as figures
        from connections c
        join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
        where c.workspace_id = ${workspaceId} and c.id = ${connectionId}`),
    );
  const watching = (async () => {
    while (reading) {
      const [sight] = await look();
      if (sight !== undefined) {
        const figures = seen.get(sight.reconciliation) ?? new Set();
        seen.set(sight.reconciliation, figures.add(sight.figures));
      }
      await sleep(20);
    }
  })();
  // A test that fails never asks how the watching ended.
  watching.catch(() => undefined);
  return {
    async stop() {
      reading = false;
      await watching;
      for (const [id, figures] of seen) {
        if (figures.size !== 1) throw new Error(`Reconciliation ${id} showed ${[...figures]}`);
      }
      return [...seen.keys()];
    },
  };
}
