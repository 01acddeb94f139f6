import { createHash } from "node:crypto";
import { later, never } from "#lib/http/failures";
import { saasUpstream } from "./errors.ts";
import { pageSchema } from "./wire/resources.ts";

/** Where a list goes on: the address as sent, and the rows before it. */
export interface ListPlace {
  readonly href: string;
  readonly rows: number;
}

/** A page as it came; `next` null = the last one. */
export interface ListPage {
  readonly values: readonly unknown[];
  readonly next: ListPlace | null;
}

export interface Paging {
  /** The absolute address of a link. Throws `link-refused` for one that is not followed. */
  readonly resolve: (href: string) => string;
  readonly getJson: (url: string) => Promise<unknown>;
  readonly maxPages: number;
}

/**
 * A list that never ends is stopped. The service decides how many rows a page has and does not document it: at 20 rows, far
 * fewer than such services give, this is two million accounts, more than any tenant has.
 */
export const maxPages = 100_000;
const maxEmptyPages = 100;
const maxPageRows = 100_000;

/**
 * Follows pages to the end; fewer rows than the service counts are no complete read.
 * Source: developer.flexera.com "Pagination".
 * @throws UpstreamError `link-loop`, `too-many-pages`, `unreadable-response`, `response-too-large`, and those of `paging`.
 */
export async function* followPages(
  from: ListPlace,
  paging: Paging,
): AsyncGenerator<ListPage, void> {
  const seen = new Set<string>();
  let emptyPages = 0;
  let place: ListPlace | null = from;
  while (place !== null) {
    if (seen.size >= paging.maxPages) {
      throw saasUpstream("too-many-pages", never, { facts: { limitPages: paging.maxPages } });
    }
    const url = paging.resolve(place.href);
    if (!remember(seen, url) || emptyPages > maxEmptyPages) {
      throw saasUpstream("link-loop", never, { facts: { pages: seen.size, emptyPages } });
    }
    const page = readPage(await paging.getJson(url));
    emptyPages = page.values.length === 0 ? emptyPages + 1 : 0;
    const rows: number = place.rows + page.values.length;
    const href = page.nextPage || page.nextLink || null;
    // Looked at before anybody remembers it as the place to go on.
    if (href !== null) paging.resolve(href);
    const total = page.total ?? page.totalItems ?? null;
    if (href === null && total !== null && rows < total) {
      throw saasUpstream("unreadable-response", later(), { facts: { rows, total } });
    }
    place = href === null ? null : { href, rows };
    yield { values: page.values, next: place };
  }
}

function readPage(body: unknown) {
  const page = pageSchema.safeParse(body);
  if (!page.success) {
    throw saasUpstream("unreadable-response", never, { facts: { missing: "values" } });
  }
  if (page.data.values.length > maxPageRows) {
    throw saasUpstream("response-too-large", never, { facts: { limitRows: maxPageRows } });
  }
  return page.data;
}

/** False when the address was read before. Digests keep memory flat: addresses may carry long tokens. */
function remember(seen: Set<string>, url: string): boolean {
  const before = seen.size;
  return seen.add(createHash("sha256").update(url).digest("base64")).size > before;
}
