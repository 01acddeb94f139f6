import { later, never, upstream } from "#lib/http/failures";
import { type Clock, parseRetryAfter, systemClock, withRetries } from "#lib/http/retry";
import {
  defaultLimits,
  type Fetch,
  type HttpLimits,
  openResponse,
  parseJson,
  readText,
} from "#lib/http/transport";
import type { SourceWait } from "#lib/import/ports";
import { followable, organisationPath } from "./addresses.ts";
import { classifyApiError } from "./errors.ts";
import {
  type AppUser,
  type ManagedApp,
  type Mapped,
  type MappedApps,
  toAppUsers,
  toManagedApps,
} from "./map.ts";
import type { SaasOrigins } from "./regions.ts";
import { createSaasTokens, type SaasCredential } from "./token.ts";
import { pageSchema } from "./wire/resources.ts";

/** `extended` names the applications below one, `licenseUsage` its licenses with their terms. */
export type AppView = "extended" | "licenseUsage";

export interface SaasReadOptions {
  readonly signal: AbortSignal;
  readonly onWait?: (wait: SourceWait) => void;
  /** A limit of this many milliseconds or more ends the read with ReadPaused. Never by default. */
  readonly pauseFromMs?: number;
}

/** Where a list goes on: the address as sent, and the rows before it. */
export interface ListPlace {
  readonly href: string;
  readonly rows: number;
}

/** A page of accounts; `next` null = the last one. */
export interface AppUserPage extends Mapped<AppUser> {
  readonly next: ListPlace | null;
}

/** What one organisation's SaaS Management tells. Every method throws UpstreamError, or the signal's reason. */
export interface SaasManagementClient {
  /** All managed applications, page by page. */
  managedApps(view: AppView, options: SaasReadOptions): AsyncGenerator<MappedApps, void>;
  /** The applications below one, each by its own address on the same origin. */
  childApps(
    app: ManagedApp,
    view: AppView,
    options: SaasReadOptions,
  ): AsyncGenerator<MappedApps, void>;
  /** All accounts of an application, deactivated ones included, page by page; from a place within it where one is given. */
  appUsers(
    appId: string,
    options: SaasReadOptions,
    from?: ListPlace | null,
  ): AsyncGenerator<AppUserPage, void>;
}

export interface SaasManagementClientOptions {
  readonly origins: SaasOrigins;
  /** The organisation's number. */
  readonly orgId: string;
  readonly credential: SaasCredential;
  readonly fetch: Fetch;
  readonly now?: Clock["now"];
  readonly random?: Clock["random"];
  readonly sleep?: Clock["sleep"];
  /** Longest time one request may take with all its waits, ms. */
  readonly deadlineMs?: number;
  readonly limits?: Partial<HttpLimits>;
}

/** Below the 30 minutes after which a run without a committed page counts as stuck (DESIGN §4.2). */
const defaultDeadlineMs = 25 * 60_000;
/** More pages than any organisation has: a service that goes on for ever is stopped. */
const maxPages = 10_000;
const maxPageRows = 100_000;

/** A factory over its dependencies: limits, retries, tokens and paging live here and nowhere else. */
export function createSaasManagementClient(
  options: SaasManagementClientOptions,
): SaasManagementClient {
  const { origins, orgId, fetch } = options;
  const clock: Clock = {
    now: options.now ?? systemClock.now,
    random: options.random ?? systemClock.random,
    sleep: options.sleep ?? systemClock.sleep,
  };
  const limits: HttpLimits = { ...defaultLimits, ...options.limits };
  const getToken = createSaasTokens({ ...options, now: clock.now, limits });
  const home = organisationPath(orgId);

  async function send(url: string, fresh: boolean, signal: AbortSignal) {
    const token = await getToken({ fresh, signal });
    return openResponse(
      fetch,
      url,
      {
        method: "GET",
        headers: { accept: "application/json", authorization: `Bearer ${token}` },
        signal,
      },
      limits,
    );
  }

  /** One attempt: a 401 is answered once with a token asked for anew. */
  async function attempt(url: string, signal: AbortSignal): Promise<unknown> {
    let response = await send(url, false, signal);
    if (response.status === 401) {
      response.discard();
      response = await send(url, true, signal);
    }
    if (response.status !== 200) {
      const retryAfterMs = parseRetryAfter(response.header("retry-after"), clock.now());
      response.discard();
      throw classifyApiError({ status: response.status, retryAfterMs });
    }
    const body = parseJson(await readText(response, limits.maxJsonBytes));
    if (body === undefined) throw upstream("unreadable-response", later(), { status: 200 });
    return body;
  }

  const getJson = (url: string, { signal, ...waits }: SaasReadOptions): Promise<unknown> =>
    withRetries(() => attempt(url, signal), {
      clock,
      signal,
      deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
      ...waits,
    });

  /** Follows pages to the end; fewer rows than the service counts are no complete read. */
  async function* pages(
    from: ListPlace,
    read: SaasReadOptions,
  ): AsyncGenerator<
    { readonly values: readonly unknown[]; readonly next: ListPlace | null },
    void
  > {
    const seen = new Set<string>();
    let place: ListPlace | null = from;
    while (place !== null) {
      const url = followable(place.href, origins, orgId);
      if (seen.has(url) || seen.size >= maxPages) {
        throw upstream("link-loop", never, { facts: { pages: seen.size } });
      }
      seen.add(url);
      const page = readPage(await getJson(url, read));
      const rows: number = place.rows + page.values.length;
      const href = page.nextPage || page.nextLink || null;
      // Looked at before anybody remembers it as the place to go on.
      if (href !== null) followable(href, origins, orgId);
      const total = page.total ?? page.totalItems ?? null;
      if (href === null && total !== null && rows < total) {
        throw upstream("unreadable-response", later(), { facts: { rows, total } });
      }
      place = href === null ? null : { href, rows };
      yield { values: page.values, next: place };
    }
  }

  return {
    async *managedApps(view, read) {
      const first = { href: `${home}/managed-apps?view=${view}`, rows: 0 };
      for await (const { values } of pages(first, read)) yield toManagedApps(values);
    },
    async *childApps(app, view, read) {
      for (const href of app.childHrefs) {
        const url = new URL(followable(href, origins, orgId));
        url.searchParams.set("view", view);
        yield toManagedApps([await getJson(url.href, read)]);
      }
    },
    async *appUsers(appId, read, from) {
      const href = `${home}/managed-apps/${encodeURIComponent(appId)}/app-users?includeAll=true`;
      for await (const { values, next } of pages(from ?? { href, rows: 0 }, read)) {
        yield { ...toAppUsers(values), next };
      }
    },
  };
}

function readPage(body: unknown) {
  const page = pageSchema.safeParse(body);
  if (!page.success) throw upstream("unreadable-response", never, { facts: { missing: "values" } });
  if (page.data.values.length > maxPageRows) {
    throw upstream("response-too-large", never, { facts: { limitRows: maxPageRows } });
  }
  return page.data;
}
