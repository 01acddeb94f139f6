import type { Read } from "#lib/domain/import";
import type { ImportSource, ReadOptions, RowOf, SourcePage } from "#lib/import/ports";

/** What a read gives from a cursor: pages, or failures thrown in their place. */
export type Script = (
  cursor: string | null,
  call: number,
  options: ReadOptions,
) => AsyncIterable<SourcePage<never>> | Iterable<SourcePage<never> | Error>;

/** A source that follows scripts and remembers what was asked of it. Reads without a script are empty. */
export interface ScriptedSource extends ImportSource {
  script<R extends Read>(
    read: R,
    script: (
      cursor: string | null,
      call: number,
      options: ReadOptions,
    ) => AsyncIterable<SourcePage<RowOf<R>>> | Iterable<SourcePage<RowOf<R>> | Error>,
  ): void;
  /** Reads in the order they were asked for, with their cursors. */
  readonly asked: readonly { readonly read: Read; readonly cursor: string | null }[];
  /** Pages handed out, by read, at the moment. */
  readonly given: ReadonlyMap<Read, number>;
}

export function createScriptedSource(): ScriptedSource {
  const scripts = new Map<Read, Script>();
  const asked: { read: Read; cursor: string | null }[] = [];
  const given = new Map<Read, number>();

  async function* pages(read: Read, cursor: string | null, options: ReadOptions) {
    asked.push({ read, cursor });
    const call = asked.filter((entry) => entry.read === read).length;
    const script =
      scripts.get(read) ?? (() => [{ rows: [], quarantined: [], next: null, last: true }]);
    for await (const item of script(cursor, call, options)) {
      options.signal.throwIfAborted();
      if (item instanceof Error) throw item;
      given.set(read, (given.get(read) ?? 0) + 1);
      yield item;
    }
  }

  return {
    asked,
    given,
    // Safe: script() ties each script's rows to its read.
    script: (read, script) => void scripts.set(read, script as unknown as Script),
    pages: (read, cursor, options) => pages(read, cursor, options),
  };
}
