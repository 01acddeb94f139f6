import { createApps } from "../apps.ts";
import { defaultApps } from "../defaults.ts";
import type { FaultInput } from "../faults/types.ts";
import { type TenantRequest, tenantFromRequest } from "../specs.ts";
import type { TenantSpec } from "../types.ts";

/** Origins of the tests; nothing listens there. */
export const origins = {
  login: "http://login.test",
  graph: "http://graph.test",
  reports: "http://reports.test",
} as const;

/** Base URL of the application the registrations belong to. */
export const APP_URL = "http://app.test";

/** A Graph answer with its body read; `json` is undefined when the body is no JSON object. */
export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown> | undefined;
};

/** Simulator with one tenant (seed `test`), a fixed day, and functions that speak to it as a client does. */
export async function testTenant(request: Partial<TenantRequest> = {}) {
  const spec = tenantFromRequest({ seed: "test", ...request });
  const { store, apps } = await createApps(origins, {
    tenants: [spec],
    apps: defaultApps([APP_URL]),
    now: new Date("2026-11-23T12:00:00Z"),
  });
  const tenant = store.findTenant(spec.id);
  if (!tenant) throw new Error("the tenant was not added");
  const app = spec.apps[0];

  const requestToken = (form: Record<string, string>, segment = spec.id) =>
    apps.login.request(`/${segment}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });

  const ownCredentials = {
    grant_type: "client_credentials",
    client_id: app?.clientId ?? "",
    client_secret: app?.secrets[0]?.value ?? "",
    scope: "https://graph.microsoft.com/.default",
  };

  async function token(): Promise<string> {
    const response = await requestToken(ownCredentials);
    const body = (await response.json()) as { access_token: string };
    return body.access_token;
  }

  let current: string | undefined;
  async function graph(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    current ??= await token();
    const response = await apps.graph.request(path, {
      headers: { authorization: `Bearer ${current}`, ...headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  return {
    spec: spec as TenantSpec,
    store,
    apps,
    tenant,
    ownCredentials,
    requestToken,
    token,
    graph,
    /** Forgets the token, so that the next Graph call asks for a new one. */
    renewToken: () => {
      current = undefined;
    },
    faults: (...faults: FaultInput[]) => tenant.setFaults(faults),
    /** All rows of a list, following every nextLink. */
    async all(path: string): Promise<{ rows: Record<string, unknown>[]; pages: number }> {
      const rows: Record<string, unknown>[] = [];
      let pages = 0;
      for (let link: string | undefined = path; link !== undefined; pages += 1) {
        const { status, json, text }: Answer = await graph(link);
        if (status !== 200) throw new Error(`${status} ${text}`);
        rows.push(...rowsOf(json));
        link = json?.["@odata.nextLink"] as string | undefined;
      }
      return { rows, pages };
    },
    /** Downloads a report as lines without their CRLF, the byte order mark kept. */
    async report(call: string): Promise<string[]> {
      const answer = await graph(`/v1.0/reports/${call}`);
      const location = answer.headers.get("location");
      if (answer.status !== 302 || location === null)
        throw new Error(`${answer.status} ${answer.text}`);
      const response = await apps.reports.request(location);
      const bytes = Buffer.from(await response.arrayBuffer());
      return bytes.toString("utf8").split("\r\n");
    },
    control: (method: string, path: string, body?: unknown) =>
      apps.login.request(`/_simulator${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** Rows of a Graph list. */
export function rowsOf(json: Record<string, unknown> | undefined): Record<string, unknown>[] {
  return Array.isArray(json?.value) ? json.value : [];
}

/** `error.code` of a Graph error. */
export function errorCode(answer: Answer): unknown {
  return (answer.json?.error as { code?: unknown } | undefined)?.code;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
