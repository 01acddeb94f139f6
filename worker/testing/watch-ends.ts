import { setTimeout as sleep } from "node:timers/promises";
import type { Installation } from "./installation.ts";

/** Waits for verifications and imports to be over, however many at once, with one question at a time. */
export interface EndWatch {
  /** Resolves when the verification, or every dataset run of the import, has ended. */
  of(id: string): Promise<void>;
  stop(): Promise<void>;
}

export function watchEnds({ db }: Installation): EndWatch {
  const waiting = new Map<string, () => void>();
  let stopped = false;
  const look = async () => {
    const ids = [...waiting.keys()];
    const over = await db.ownerSql<{ id: string }[]>`
      select id from verifications where id = any(${ids}) and state in ('succeeded', 'failed')
      union all
      select i.id from imports i
      where i.id = any(${ids}) and not exists (
        select from import_runs l
        join dataset_runs r on r.workspace_id = l.workspace_id and r.id = l.run_id
        where l.workspace_id = i.workspace_id and l.import_id = i.id
          and r.state in ('queued', 'running'))`;
    for (const { id } of over) {
      waiting.get(id)?.();
      waiting.delete(id);
    }
  };
  const watching = (async () => {
    while (!stopped) {
      if (waiting.size > 0) await look();
      await sleep(100);
    }
  })();
  return {
    of: (id) => new Promise((resolve) => waiting.set(id, resolve)),
    stop: () => {
      stopped = true;
      return watching;
    },
  };
}
