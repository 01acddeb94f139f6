import { later, UpstreamError } from "#lib/http/failures";
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
import { classifyApiError, ofService, saasUpstream } from "./errors.ts";
import {
  type AppUser,
  type ManagedApp,
  type Mapped,
  type MappedApps,
  toAppUsers,
  toManagedApps,
} from "./map.ts";
import { followPages, type ListPlace, maxPages } from "./paging.ts";
import type { SaasOrigins } from "./regions.ts";
import { createSaasTokens, type SaasCredential } from "./token.ts";

/** `extended` names the applications below one, `licenseUsage` its licenses with their terms. */
export type AppView = "extended" | "licenseUsage";

export interface SaasReadOptions {
  readonly signal: AbortSignal;
  readonly onWait?: (wait: SourceWait) => void;
  /** A limit of this many milliseconds or more ends the read with ReadPaused. Never by default. */
  readonly pauseFromMs?: number;
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
  /** Pages of one list after which its read fails as `too-many-pages`. */
  readonly maxPages?: number;
  readonly limits?: Partial<HttpLimits>;
}

/** Below the 30 minutes after which a run without a committed page counts as stuck (DESIGN §4.2). */
const defaultDeadlineMs = 25 * 60_000;

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

  /** One attempt, of which failures tell whose they are. */
  const attempt = (url: string, signal: AbortSignal): Promise<unknown> =>
    answer(url, signal).catch((error: unknown) => {
      throw error instanceof UpstreamError ? ofService(error) : error;
    });

  /** A 401 is answered once with a token asked for anew. */
  async function answer(url: string, signal: AbortSignal): Promise<unknown> {
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
    if (body === undefined) throw saasUpstream("unreadable-response", later(), { status: 200 });
    return body;
  }

  const getJson = (url: string, { signal, ...waits }: SaasReadOptions): Promise<unknown> =>
    withRetries(() => attempt(url, signal), {
      clock,
      signal,
      deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
      ...waits,
    });

  const pages = (from: ListPlace, read: SaasReadOptions) =>
    followPages(from, {
      resolve: (href) => followable(href, origins, orgId),
      getJson: (url) => getJson(url, read),
      maxPages: options.maxPages ?? maxPages,
    });

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
