import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { Dataset } from "#lib/domain/import";
import type { SnapshotFigures } from "#lib/import/ports";

/** A connection's dataset, and the snapshot that takes its place. */
export interface SnapshotPlace {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly dataset: Dataset;
  readonly snapshotId: number;
}

/** A held snapshot gives way to a newer one that is held or published; its run ends as superseded. Source: DESIGN §4.5. */
export async function releaseHeld(tx: Tx, place: SnapshotPlace): Promise<void> {
  await tx.execute(sql`
    with released as (
      update snapshots set state = 'discarded'
      where workspace_id = ${place.workspaceId} and connection_id = ${place.connectionId}
        and dataset = ${place.dataset} and state = 'held' and id <> ${place.snapshotId}
      returning run_id)
    update dataset_runs r set state = 'superseded'
    from released
    where r.workspace_id = ${place.workspaceId} and r.id = released.run_id and r.state = 'suspect'`);
}

/** Makes a snapshot the published one; the one before it stays for those who still read it. */
export async function flipSnapshot(
  tx: Tx,
  place: SnapshotPlace,
  content: { readonly digest: string; readonly figures: SnapshotFigures },
): Promise<void> {
  await tx.execute(sql`
    update snapshots set state = 'retired'
    where workspace_id = ${place.workspaceId} and connection_id = ${place.connectionId}
      and dataset = ${place.dataset} and state = 'published'`);
  await tx.execute(sql`
    update snapshots set state = 'published', published_at = now(), digest = ${content.digest},
      rows = ${content.figures.rows}, figures = ${JSON.stringify(content.figures)}::jsonb
    where workspace_id = ${place.workspaceId} and id = ${place.snapshotId}`);
  await tx.execute(sql`
    update dataset_epochs set snapshot_id = ${place.snapshotId}, published_at = now()
    where workspace_id = ${place.workspaceId} and connection_id = ${place.connectionId}
      and dataset = ${place.dataset}`);
}
