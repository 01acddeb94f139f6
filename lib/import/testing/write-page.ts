import type { Read } from "#lib/domain/import";
import type {
  ImportStore,
  PagePlace,
  RowOf,
  RunHandle,
  SourcePage,
  WriteResult,
} from "#lib/import/ports";

/** A page and where it belongs. */
export interface PageWrite<R extends Read = Read> extends PagePlace {
  readonly read: R;
  readonly page: SourcePage<RowOf<R>>;
}

/** Prepares a page and commits it at once. */
export async function writePage<R extends Read>(
  store: ImportStore,
  run: RunHandle,
  { read, page, ...place }: PageWrite<R>,
): Promise<WriteResult> {
  const commit = await store.preparePage(run, read, page);
  return commit(place);
}
