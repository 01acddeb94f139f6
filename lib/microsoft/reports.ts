import type { UsageReport } from "#lib/domain/import";
import { later, never, UpstreamError, untilDeadline, upstream } from "#lib/http/failures";
import { parseRetryAfter, withRetries } from "#lib/http/retry";
import type { OpenResponse } from "#lib/http/transport";
import {
  ReadError,
  type ReadOptions,
  type ReportFacts,
  type SourcePage,
  type UsageRow,
} from "#lib/import/ports";
import type { Notes } from "./clean.ts";
import type { GraphClient } from "./graph-client.ts";
import { reportSpecs } from "./report-catalog.ts";
import { readCsv } from "./report-csv.ts";
import { createRowReader, looksConcealed, type RowReader } from "./report-rows.ts";

/** Rows of a page. */
const pageRows = 1000;
/** A download URL lives for minutes; a dead one is asked for anew this often. */
const downloadAttempts = 4;
/** What a URL is trusted to live for, and a limit it easily outlives, ms. Source: reference/microsoft-graph.md §3.12. */
const urlLifetimeMs = 3 * 60_000;
const shortLimitMs = 60_000;
/** One file with all its attempts, ms. */
const downloadDeadlineMs = 20 * 60_000;

/**
 * One usage report, streamed in pages that cannot be resumed. Source: reference/microsoft-graph.md §3.12.
 * @throws ReadError `restart` when the file broke off after its header: rows may have been handed over already.
 * @throws UpstreamError `report-empty`, `report-missing-column`, `report-malformed`, `report-host-refused`,
 * `response-too-large` and what the client throws.
 */
export async function* readReport(
  client: GraphClient,
  report: UsageReport,
  options: ReadOptions,
): AsyncGenerator<SourcePage<UsageRow>, void> {
  try {
    yield* readFile(client, report, options);
  } catch (error) {
    throw error instanceof UpstreamError ? named(error, report) : error;
  }
}

/** What is wrong with a file is told with the report's name, also where its whole dataset fails for it. */
const named = (error: UpstreamError, report: UsageReport): UpstreamError => {
  const { failure, retry } = error;
  return failure.code.startsWith("report-")
    ? new UpstreamError({ ...failure, facts: { ...failure.facts, report } }, retry, {
        cause: error,
      })
    : error;
};

async function* readFile(
  client: GraphClient,
  report: UsageReport,
  options: ReadOptions,
): AsyncGenerator<SourcePage<UsageRow>, void> {
  const { reader, records } = await withRetries(() => openReport(client, report, options), {
    clock: client.clock,
    signal: options.signal,
    deadlineMs: downloadDeadlineMs,
    maxAttempts: downloadAttempts,
    onWait: options.onWait,
    ...(options.pauseFromMs === undefined ? {} : { pauseFromMs: options.pauseFromMs }),
  });
  try {
    yield* pagesOf(reader, records, reportSpecs[report].namesEverybody);
  } catch (error) {
    const passes = error instanceof UpstreamError && error.retry.kind === "later";
    if (passes && !options.signal.aborted)
      throw new ReadError({ kind: "restart" }, { cause: error });
    throw error;
  }
}

interface OpenReport {
  readonly reader: RowReader;
  readonly records: AsyncGenerator<readonly string[], void>;
}

/** Asks Graph where the file is, opens it and reads the header. */
async function openReport(
  client: GraphClient,
  report: UsageReport,
  options: ReadOptions,
): Promise<OpenReport> {
  const spec = reportSpecs[report];
  const location = await client.getRedirect({
    url: spec.path,
    service: "usage-reports",
    operation: report,
    permission: "Reports.Read.All",
    ...options,
  });
  if (location === null) throw upstream("report-empty", never);
  const response = await openFile(client, location, options);
  if (/html|json/i.test(response.header("content-type") ?? "")) {
    response.discard();
    throw upstream("report-malformed", never, { facts: { reason: "content-type" } });
  }
  const records = readCsv(response.chunks(client.limits.maxReportBytes));
  const first = await records.next();
  if (first.done) throw upstream("report-empty", never);
  try {
    return { reader: createRowReader(first.value, spec), records };
  } catch (error) {
    await records.return();
    throw error;
  }
}

/**
 * A short limit of the file's host is sat out on the same URL, which outlives it: asking Graph for another one would cost
 * a place in the report's budget. @throws UpstreamError
 */
const openFile = (
  client: GraphClient,
  location: string,
  { signal, onWait }: ReadOptions,
): Promise<OpenResponse> =>
  withRetries(
    async () => {
      const response = await client.openDownload(location, signal);
      if (response.status !== 200) throw downloadFailure(client, response);
      return response;
    },
    {
      clock: client.clock,
      signal,
      onWait,
      deadlineMs: urlLifetimeMs,
      retries: ({ failure, retry }) =>
        failure.class === "throttled" &&
        retry.kind === "later" &&
        (retry.afterMs ?? 0) < shortLimitMs,
    },
  );

/** The file's host refused: throttled, in trouble, or the URL has expired; Graph is asked for a new one. */
function downloadFailure(client: GraphClient, response: OpenResponse): UpstreamError {
  response.discard();
  const { status } = response;
  const afterMs = parseRetryAfter(response.header("retry-after"), client.clock.now());
  if (status === 429) {
    return new UpstreamError(
      { class: "throttled", code: "throttled", status },
      untilDeadline(afterMs),
    );
  }
  if (status >= 300 && status < 400) return upstream("link-refused", never, { status });
  return upstream("upstream-error", later(afterMs, downloadAttempts), { status });
}

async function* pagesOf(
  reader: RowReader,
  records: AsyncIterable<readonly string[]>,
  needsRows: boolean,
): AsyncGenerator<SourcePage<UsageRow>, void> {
  const notes: Notes = new Set();
  let rows: UsageRow[] = [];
  let refreshedOn: string | null = null;
  let facts: ReportFacts | null = null;
  const take = (last: boolean): SourcePage<UsageRow> => {
    const first = facts === null;
    facts ??= { refreshedOn, concealed: looksConcealed(rows) };
    const page = {
      rows,
      quarantined: [],
      next: null,
      last,
      unexpected: [...notes],
      ...(first ? { report: facts } : {}),
    };
    rows = [];
    notes.clear();
    return page;
  };
  let empty = true;
  for await (const cells of records) {
    empty = false;
    refreshedOn ??= reader.refreshedOn(cells, notes);
    const row = reader.read(cells, notes);
    if (!row) continue;
    if (rows.length === pageRows) yield take(false);
    rows.push(row);
  }
  if (empty && needsRows) throw upstream("report-empty", never);
  yield take(true);
}
