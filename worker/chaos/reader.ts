import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Installation, TestConnection } from "../testing/installation.ts";
import { throughOutages } from "./outages.ts";

/** What a person's page would show of a connection at one moment, through the web program's role. */
interface Sight extends Record<string, unknown> {
  readonly reconciliation: number;
  /** Accounts the snapshot was published with, and those that are there. */
  readonly promised: number;
  readonly accounts: number;
  /** Seats by the positions, and by the rows behind them. */
  readonly consumed: number;
  readonly held: number;
  readonly figures: string;
}

/** Somebody who looks at every connection all the time. */
export interface PollingReader {
  watch(connection: TestConnection): void;
  unwatch(connection: TestConnection): void;
  /** Looks so far. */
  readonly looks: () => number;
  /** Every look that showed less, or other, than one whole publish; in words. */
  readonly halfSnapshots: readonly string[];
  close(): Promise<void>;
}

const everyMs = 20;

interface Watched {
  readonly connection: TestConnection;
  last: number;
  readonly figures: Map<number, string>;
}

/**
 * A look is whole when accounts are as many as were published, seats equal the rows behind them, one reconciliation
 * always shows the same figures, and reconciliations only ever move on. Source: fault-catalogue §8 "Monotonic visibility".
 */
export function startReader({ db }: Pick<Installation, "db">): PollingReader {
  const watched = new Map<string, Watched>();
  const halfSnapshots: string[] = [];
  let looks = 0;
  let reading = true;
  const loop = (async () => {
    while (reading) {
      for (const entry of [...watched.values()]) {
        const { workspaceId } = entry.connection;
        const [sight] = await throughOutages(() =>
          db.web.inWorkspace(workspaceId, (tx) => tx.execute<Sight>(look(entry.connection))),
        );
        looks += 1;
        if (sight !== undefined) halfSnapshots.push(...judge(entry, sight));
      }
      await sleep(everyMs);
    }
  })();
  // Told by close(): until then a failure must not count as unhandled.
  loop.catch(() => undefined);
  return {
    halfSnapshots,
    looks: () => looks,
    watch: (connection) =>
      void watched.set(connection.connectionId, { connection, last: 0, figures: new Map() }),
    unwatch: (connection) => void watched.delete(connection.connectionId),
    async close() {
      reading = false;
      await loop;
    },
  };
}

function judge(entry: Watched, sight: Sight): readonly string[] {
  const { reconciliation, promised, accounts, consumed, held, figures } = sight;
  const found: string[] = [];
  if (accounts !== promised) found.push(`${accounts} accounts of ${promised}`);
  if (consumed !== held) found.push(`${consumed} seats over ${held} rows`);
  const before = entry.figures.get(reconciliation) ?? figures;
  if (before !== figures) found.push(`${figures} after ${before}`);
  if (reconciliation < entry.last) found.push(`back from reconciliation ${entry.last}`);
  entry.figures.set(reconciliation, before);
  entry.last = reconciliation;
  return found.map((text) => `${entry.connection.connectionId} at ${reconciliation}: ${text}`);
}

const look = ({ workspaceId, connectionId }: TestConnection) => sql`
  select r.id as reconciliation, s.rows as promised, u.accounts, p.consumed, a.held,
    concat_ws('/', u.accounts, p.licenses, p.consumed, p.idle, o.opportunities, a.held) as figures
  from connections c
  join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
  join snapshots s on s.workspace_id = r.workspace_id and s.id = r.directory_snapshot_id
  cross join lateral (select count(*)::int as accounts from snapshot_users u
    where u.workspace_id = r.workspace_id and u.snapshot_id = s.id) u
  cross join lateral (select count(*)::int as licenses, coalesce(sum(p.consumed), 0)::int as consumed,
      sum(p.idle_units)::int as idle
    from license_positions p where p.workspace_id = r.workspace_id and p.reconciliation_id = r.id) p
  cross join lateral (select count(*)::int as opportunities from opportunities o
    where o.workspace_id = r.workspace_id and o.reconciliation_id = r.id) o
  cross join lateral (select count(*)::int as held from snapshot_assignments a
    join snapshot_users u on u.workspace_id = a.workspace_id and u.snapshot_id = a.snapshot_id
      and u.user_no = a.user_no
    where a.workspace_id = r.workspace_id and a.snapshot_id = s.id and a.holds and not u.deleted
      and not exists (select from snapshot_skus k where k.workspace_id = a.workspace_id
        and k.snapshot_id = a.snapshot_id and k.reading = 2 and k.sku_no = a.sku_no
        and k.applies_to = 'company')) a
  where c.workspace_id = ${workspaceId} and c.id = ${connectionId}`;
