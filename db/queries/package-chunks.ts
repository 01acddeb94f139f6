import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import type { PackageKey } from "./packages.ts";

/** Chunks removed in one transaction: 256 MiB at most. */
const chunksPerBatch = 64;

/**
 * Stores one chunk of an upload that is arriving; one that is there already stays as it is, so that sending again is
 * safe. False when the upload is not arriving any more.
 */
export async function storeChunk(
  tx: Tx,
  key: PackageKey,
  chunk: { readonly no: number; readonly bytes: Uint8Array },
): Promise<boolean> {
  const arriving = await tx.execute(sql`
    update packages set progress_at = now()
    where workspace_id = ${key.workspaceId} and id = ${key.packageId} and state = 'receiving'
    returning 1`);
  if (arriving.length === 0) return false;
  await tx.execute(sql`
    insert into package_chunks (workspace_id, package_id, no, bytes)
    values (${key.workspaceId}, ${key.packageId}, ${chunk.no}, ${chunk.bytes}::bytea)
    on conflict (workspace_id, package_id, no) do nothing`);
  return true;
}

/** Numbers of the chunks that are there, in order. */
export async function listChunkNumbers(tx: Tx, key: PackageKey): Promise<readonly number[]> {
  const rows = await tx.execute<{ no: number }>(sql`
    select no from package_chunks
    where workspace_id = ${key.workspaceId} and package_id = ${key.packageId} order by no`);
  return rows.map((row) => row.no);
}

/** One chunk's bytes; the worker's alone to read. Undefined when it is not there. */
export async function readChunk(
  tx: Tx,
  key: PackageKey,
  no: number,
): Promise<Uint8Array | undefined> {
  const [row] = await tx.execute<{ bytes: Uint8Array }>(sql`
    select bytes from package_chunks
    where workspace_id = ${key.workspaceId} and package_id = ${key.packageId} and no = ${no}`);
  return row?.bytes;
}

/** Removes some chunks; true when none are left, which is written down. */
export async function removeChunks(tx: Tx, key: PackageKey): Promise<boolean> {
  const removed = await tx.execute(sql`
    delete from package_chunks
    where workspace_id = ${key.workspaceId} and package_id = ${key.packageId} and no in (
      select no from package_chunks
      where workspace_id = ${key.workspaceId} and package_id = ${key.packageId}
      order by no limit ${chunksPerBatch})
    returning 1`);
  if (removed.length === chunksPerBatch) return false;
  await tx.execute(sql`
    update packages set emptied_at = now()
    where workspace_id = ${key.workspaceId} and id = ${key.packageId}`);
  return true;
}
