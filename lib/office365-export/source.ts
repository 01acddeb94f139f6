import type { Failure } from "#lib/domain/failure";
import type { Read } from "#lib/domain/import";
import { PackageError } from "#lib/domain/package";
import {
  type ImportSource,
  type QuarantinedRow,
  ReadError,
  type ReadOptions,
  type RowOf,
  type SourcePage,
} from "#lib/import/ports";
import type { Line, PackageContents } from "./contents.ts";

const pageRows = 1000;

/**
 * A checked upload as a source of imports. A read is resumed by the number of lines before it; what an upload does not
 * have is an expected absence, never an empty list. Source: DESIGN §4.3, §5 "Other sources".
 */
export function createPackageSource(contents: PackageContents): ImportSource {
  const linesOf = (read: Read): AsyncIterable<Line<unknown>> => {
    switch (read) {
      case "organization":
        return one(contents.organization);
      case "subscribed-skus-first":
      case "subscribed-skus-second":
        return contents.skus();
      case "users":
        return contents.users();
      case "sign-ins":
        if (contents.signIns === null) throw notInPackage();
        return contents.signIns();
      default:
        throw notInPackage();
    }
  };
  return {
    pages: <R extends Read>(read: R, cursor: string | null, { signal }: ReadOptions) =>
      asRowsOf<R>(pagesOf(() => linesOf(read), cursor, signal)),
  };
}

/** Safe: each read is answered by the list of its own row type. */
const asRowsOf = <R extends Read>(pages: AsyncIterable<SourcePage<unknown>>) =>
  pages as AsyncIterable<SourcePage<RowOf<R>>>;

async function* one<Row>(row: Row): AsyncGenerator<Line<Row>, void> {
  yield { row };
}

const absence: Failure = { class: "tenant", code: "not-in-package" };
const notInPackage = () =>
  new ReadError({ kind: "unavailable", reason: "not-reported", failure: absence });

async function* pagesOf(
  open: () => AsyncIterable<Line<unknown>>,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<SourcePage<unknown>, void> {
  const skipped = Number(cursor ?? 0);
  let page = emptyPage();
  let at = 0;
  try {
    for await (const line of open()) {
      at += 1;
      if (at <= skipped) continue;
      if (page.lines === pageRows) {
        signal.throwIfAborted();
        yield { ...toPage(page), next: String(at - 1), last: false };
        page = emptyPage();
      }
      add(page, line);
    }
    yield { ...toPage(page), next: null, last: true };
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    // Its bytes were checked: they are not what they were.
    const failure: Failure = { class: "upstream", code: "package-damaged" };
    throw new ReadError({ kind: "failed", failure }, { cause: error });
  }
}

interface OpenPage {
  lines: number;
  readonly rows: unknown[];
  readonly quarantined: QuarantinedRow[];
  readonly unexpected: Set<string>;
}

const emptyPage = (): OpenPage => ({
  lines: 0,
  rows: [],
  quarantined: [],
  unexpected: new Set(),
});

function add(page: OpenPage, line: Line<unknown>): void {
  page.lines += 1;
  if ("refused" in line) page.quarantined.push(line.refused);
  else {
    page.rows.push(line.row);
    for (const field of line.unexpected ?? []) page.unexpected.add(field);
  }
}

const toPage = ({ rows, quarantined, unexpected }: OpenPage) => ({
  rows,
  quarantined,
  unexpected: [...unexpected],
});
