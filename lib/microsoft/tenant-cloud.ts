import { z } from "zod";
import type { Cloud } from "#lib/domain/connection";
import { FailureError } from "#lib/domain/failure";
import { defaultLimits, type Fetch, openResponse, parseJson, readText } from "#lib/http/transport";
import type { OriginMap } from "./clouds.ts";

export interface TenantCloudInput {
  /** GUID or domain. */
  readonly tenant: string;
  readonly originsOf: (cloud: Cloud) => OriginMap;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

/** The Global login knows the tenants of US Government too, the login of China its own. */
const logins: readonly Cloud[] = ["global", "china"];

/** A person waits for the answer, and it only makes a text better. */
const limits = { ...defaultLimits, headerTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
const maxDocumentBytes = 64 * 1024;

/**
 * The cloud a tenant lives in, as the OpenID documents of Microsoft's logins tell it; null when none knows the tenant
 * or none answers. The documents are public and need no credential. Source: reference/microsoft-graph.md §1.5, §2.8.
 * @throws the signal's reason when it aborts.
 */
export async function findTenantCloud(input: TenantCloudInput): Promise<Cloud | null> {
  for (const login of logins) {
    const found = await askLogin(input, login).catch((error: unknown) => {
      input.signal.throwIfAborted();
      if (error instanceof FailureError) return null;
      throw error;
    });
    if (found !== null) return found;
  }
  return null;
}

async function askLogin(
  { tenant, originsOf, fetch, signal }: TenantCloudInput,
  login: Cloud,
): Promise<Cloud | null> {
  const url = `${originsOf(login).login}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`;
  const headers = { accept: "application/json" };
  const response = await openResponse(fetch, url, { method: "GET", headers, signal }, limits);
  if (response.status !== 200) {
    response.discard();
    return null;
  }
  const document = openidDocument.safeParse(parseJson(await readText(response, maxDocumentBytes)));
  return document.success ? cloudOf(document.data) : null;
}

const openidDocument = z.object({
  cloud_instance_name: z.string(),
  tenant_region_sub_scope: z.string().nullish(),
});

function cloudOf(document: z.infer<typeof openidDocument>): Cloud | null {
  switch (document.cloud_instance_name) {
    case "microsoftonline.com":
      return "global";
    case "microsoftonline.us":
      return document.tenant_region_sub_scope === "DOD" ? "us-gov-l5" : "us-gov-l4";
    case "partner.microsoftonline.cn":
    case "chinacloudapi.cn":
      return "china";
    default:
      return null;
  }
}
