import { createHash } from "node:crypto";
import type { FailureError } from "#lib/domain/failure";
import { never, UpstreamError, upstream } from "#lib/http/failures";
import { ReadError, type ReadOptions } from "#lib/import/ports";
import type { GraphClient, GraphRequest } from "./graph-client.ts";
import { badRequest, expiredPageToken } from "./graph-errors.ts";
import { isRecord } from "./wire/scalars.ts";

/** A collection to read: the query at a page size, the path its links must keep. */
export interface Collection
  extends Pick<GraphRequest, "service" | "permission" | "consistencyLevel"> {
  /** `/v1.0/...`; links must stay on it or below it. */
  readonly path: string;
  /** Query without `$top`. */
  readonly query: string;
  /** Asked-for page size; null where `$top` is not supported. Lowered for good when Graph refuses it. */
  readonly pageSize: PageSize | null;
}

/** A `$top` that outlives one reading, so that a restart starts with what Graph accepted. Rows per page. */
export interface PageSize {
  current: number;
}

/** A page as Graph gave it: untyped rows and the link to the next one, verbatim. */
export interface RawPage {
  readonly values: readonly unknown[];
  readonly next: string | null;
}

/** Graph once refused more than 120 rows overnight; below this the page size is not what it complains about. */
const smallestPage = 60;
const maxEmptyPages = 100;
/** Microsoft's largest page has 999 rows; far more would keep the process from its heartbeat while they are checked. */
const maxPageRows = 20_000;
/** No address holds these, and neither a request nor PostgreSQL takes them. */
const noAddress = /\p{Cc}|\p{Surrogate}/u;

/**
 * Reads a collection page by page from `cursor` (a nextLink, null = the beginning) to the page without a link.
 * Source: DESIGN §4.4, reference/microsoft-graph.md §4.4.
 * @throws ReadError `restart` when the page token has expired or the page size was refused after pages had been read.
 * @throws UpstreamError otherwise (`link-refused`, `link-loop`, `unreadable-response`, and the client's).
 */
export async function* readPages(
  client: GraphClient,
  collection: Collection,
  cursor: string | null,
  options: ReadOptions,
): AsyncGenerator<RawPage, void> {
  const seen = new Set<string>();
  let emptyPages = 0;
  let link = cursor;
  for (;;) {
    if (link !== null) {
      checkLink(link, client, collection);
      if (!remember(seen, link))
        throw upstream("link-loop", never, { facts: { pages: seen.size } });
    }
    const page = await fetchPage(client, collection, link, options);
    emptyPages = page.values.length === 0 ? emptyPages + 1 : 0;
    if (emptyPages > maxEmptyPages && page.next !== null) {
      throw upstream("link-loop", never, { facts: { emptyPages } });
    }
    if (page.next !== null) checkLink(page.next, client, collection);
    yield page;
    if (page.next === null) return;
    link = page.next;
  }
}

async function fetchPage(
  client: GraphClient,
  collection: Collection,
  link: string | null,
  options: ReadOptions,
): Promise<RawPage> {
  for (;;) {
    const { service, permission, consistencyLevel } = collection;
    try {
      const body = await client.getJson({
        url: link ?? firstUrl(collection),
        service,
        permission,
        ...options,
        ...(consistencyLevel ? { consistencyLevel } : {}),
      });
      return toPage(body);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      if (error.failure.code === expiredPageToken) throw restart(error);
      if (error.failure.code !== badRequest || error.failure.status !== 400) throw error;
      if (!halve(collection.pageSize)) throw error;
      if (link !== null) throw restart(error);
    }
  }
}

const restart = (cause: FailureError) => new ReadError({ kind: "restart" }, { cause });

function halve(pageSize: PageSize | null): boolean {
  if (!pageSize || pageSize.current / 2 < smallestPage) return false;
  pageSize.current = Math.floor(pageSize.current / 2);
  return true;
}

function firstUrl({ path, query, pageSize }: Collection): string {
  const parts = [query, pageSize ? `$top=${pageSize.current}` : ""].filter((part) => part !== "");
  return parts.length > 0 ? `${path}?${parts.join("&")}` : path;
}

function toPage(body: unknown): RawPage {
  const { value, "@odata.nextLink": next } = isRecord(body) ? body : {};
  if (!Array.isArray(value))
    throw upstream("unreadable-response", never, { facts: { missing: "value" } });
  if (value.length > maxPageRows)
    throw upstream("response-too-large", never, { facts: { limitRows: maxPageRows } });
  if (next === undefined || next === null) return { values: value, next: null };
  if (typeof next !== "string") throw upstream("link-refused", never, { facts: { host: "?" } });
  return { values: value, next };
}

/** A link is followed only on the configured Graph origin and the collection's own path. */
function checkLink(link: string, client: GraphClient, { path }: Collection): void {
  const url = URL.canParse(link) && !noAddress.test(link) ? new URL(link) : null;
  const host = url?.host.slice(0, 253) ?? "?";
  const refused = (reason: string) => upstream("link-refused", never, { facts: { host, reason } });
  if (!url || url.origin !== client.origins.graph) throw refused("origin");
  if (url.username || url.password) throw refused("user-info");
  const target = url.pathname.toLowerCase();
  const own = path.toLowerCase();
  if (target !== own && !target.startsWith(`${own}/`)) throw refused("path");
}

/** False when the link was followed before. Digests keep memory flat: links carry long tokens. */
function remember(seen: Set<string>, link: string): boolean {
  const digest = createHash("sha256").update(link).digest("base64");
  if (seen.has(digest)) return false;
  seen.add(digest);
  return true;
}
