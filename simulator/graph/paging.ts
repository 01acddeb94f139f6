import { driftedRows } from "../faults/drift.ts";
import type { FaultOf } from "../faults/types.ts";
import { type GraphCall, queryKey } from "./endpoint.ts";
import type { WrittenRows } from "./written-rows.ts";

/** A row and the position after it in the whole list. */
export type PagedRow<T> = { row: T; next: number };

/** One page of a list and where the next one starts; undefined at the end. */
export type Page<T> = { rows: T[]; next: number | undefined };

/** A list's rows as `pageBody` takes them, and where the next page starts. */
export type PageContent = { rows: readonly unknown[] | WrittenRows; next: number | undefined };

/** Takes up to `top` rows from a lazily computed list that starts at the call's position. */
export function takePage<T>(rows: Iterable<PagedRow<T>>, top: number): Page<T> {
  const page: T[] = [];
  let next: number | undefined;
  for (const { row, next: after } of rows) {
    if (page.length === top) return { rows: page, next };
    page.push(row);
    next = after;
  }
  return { rows: page, next: undefined };
}

/** A list that is in memory, from `start` on, with positions. */
export function* positioned<T>(list: readonly T[], start: number): Generator<PagedRow<T>> {
  for (const [i, row] of list.slice(start).entries()) yield { row, next: start + i + 1 };
}

/** Where this call starts in the whole list. */
export function startOf(call: GraphCall): number {
  return call.position?.next ?? 0;
}

/**
 * The body of a page: rows, and a nextLink on Graph's own origin that repeats the query and carries a sealed token.
 * The link faults (`empty-page`, `link-loop`, `foreign-link`, `no-value`) act here.
 */
export function pageBody(
  call: GraphCall,
  context: string,
  page: PageContent,
  count?: number,
): Record<string, unknown> {
  const { tenant, situation } = call;
  const { faults } = tenant;
  const body = (rows: PageContent["rows"], link: string | undefined) => ({
    "@odata.context": `${call.store.origins.graph}/v1.0/$metadata#${context}`,
    ...(count !== undefined && situation.page === 1 ? { "@odata.count": count } : {}),
    ...(link === undefined ? {} : { "@odata.nextLink": link }),
    value: rows,
  });
  const link = page.next === undefined ? undefined : nextLink(call, page.next);
  const loop = faults.hit("link-loop", situation);
  if (loop && !isLoopOver(call, loop)) return loopBody(call, loop.shape, page, body);
  if (!call.position?.emptied && faults.hit("empty-page", situation))
    return body([], nextLink(call, startOf(call), { samePage: true }));
  const foreign = faults.hit("foreign-link", situation);
  if (foreign) {
    return body(page.rows, hostileLink(foreign, link ?? nextLink(call, startOf(call))));
  }
  const noValue = faults.hit("no-value", situation);
  if (noValue && (!noValue.last || link === undefined))
    return { "@odata.context": body([], undefined)["@odata.context"] };
  return body(driftedRows(call, page.rows), link);
}

/** Whether the empty pages of an `endless-empty` that ends have all been sent. */
function isLoopOver({ position }: GraphCall, loop: FaultOf<"link-loop">): boolean {
  return loop.pages !== undefined && (position?.empties ?? 0) >= loop.pages;
}

/** A link no client may follow, made from the true one. */
function hostileLink({ shape, origin }: FaultOf<"foreign-link">, link: string): string {
  const url = new URL(link);
  const { host, hostname, protocol, pathname } = url;
  const query = "?$skiptoken=stolen";
  switch (shape) {
    case "origin":
      return `${origin}${pathname}${query}`;
    case "http":
      return `http://graph.microsoft.com${pathname}${query}`;
    case "port":
      return `${protocol}//${hostname}:${(Number(url.port) || 443) + 1}${pathname}${query}`;
    case "userinfo":
      return link.replace("://", "://reader:secret@");
    case "userinfo-host":
      return `${protocol}//${host}@graph.example.net${pathname}${query}`;
    case "metadata":
      return `http://169.254.169.254/latest/meta-data/iam/security-credentials/${query}`;
    case "path":
      return link.replace(pathname, "/v1.0/me/messages");
    case "dot-path":
      return link.replace(pathname, `${pathname}/../../beta/auditLogs/signIns`);
    case "relative":
      return `${pathname}${url.search}`;
    case "not-a-url":
      return "javascript:alert(1)";
    default:
      return shape satisfies never;
  }
}

function loopBody(
  call: GraphCall,
  shape: FaultOf<"link-loop">["shape"],
  page: PageContent,
  body: (rows: PageContent["rows"], link: string) => Record<string, unknown>,
) {
  switch (shape) {
    case "same":
      return body(page.rows, call.position ? requestLink(call) : nextLink(call, startOf(call)));
    case "alternate":
      // Two links that point at each other: A → B → A.
      return body(page.rows, fixedLink(call, call.situation.page % 2));
    case "endless-empty":
      return body([], nextLink(call, startOf(call), { empty: true }));
    default:
      return shape satisfies never;
  }
}

/** The link this very request used. */
function requestLink(call: GraphCall): string {
  return `${call.store.origins.graph}${call.url.pathname}${call.url.search}`;
}

function fixedLink(call: GraphCall, which: number): string {
  const key = `${queryKey(call.url)}/${which}`;
  const link = call.tenant.loopLinks.get(key) ?? nextLink(call, startOf(call));
  call.tenant.loopLinks.set(key, link);
  return link;
}

function nextLink(
  call: GraphCall,
  next: number,
  options: { samePage?: boolean; empty?: boolean } = {},
): string {
  const { store, tenant, url, situation } = call;
  const query = queryKey(url);
  const token = store.sealer.seal({
    tenantId: tenant.spec.id,
    query,
    next,
    page: options.samePage ? situation.page : situation.page + 1,
    madeAt: Date.now(),
    ...(options.samePage ? { emptied: true } : {}),
    empties: (call.position?.empties ?? 0) + (options.empty ? 1 : 0),
  });
  const kept = url.search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !decodeURIComponent(part).startsWith("$skiptoken="));
  return `${store.origins.graph}${url.pathname}?${[...kept, `$skiptoken=${token}`].join("&")}`;
}
