import { setTimeout as sleep } from "node:timers/promises";
import type { ImportState } from "#lib/domain/import";
import type { PackageItem } from "#lib/domain/package-item";
import { installation } from "./installation.ts";

/** The product's API under one token (DESIGN §6). */
export interface Api {
  /** The JSON of a 2xx answer. Throws ApiError for any other. */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  /** Bytes as they are. */
  putBytes(path: string, bytes: Buffer): Promise<void>;
}

/** An answer that is no success; `problem` is its problem+json. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: { readonly code?: string; readonly detail?: string };
  constructor(status: number, request: string, text: string) {
    super(`${request} answered ${status}: ${text.slice(0, 500)}`);
    this.status = status;
    this.problem = text.startsWith("{") ? JSON.parse(text) : {};
  }
}

export function createApi(token: string): Api {
  const ask = async (method: string, path: string, type: string, body?: BodyInit) => {
    const response = await fetch(`${installation.appUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": type },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(response.status, `${method} ${path}`, text);
    return text;
  };
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const text = await ask(method, path, "application/json", sent);
    return text === "" ? (undefined as T) : JSON.parse(text);
  };
  return {
    get: (path) => send("GET", path),
    post: (path, body = {}) => send("POST", path, body),
    put: (path, body) => send("PUT", path, body),
    putBytes: async (path, bytes) => {
      await ask("PUT", path, "application/octet-stream", new Uint8Array(bytes));
    },
  };
}

/** Uploads a package of one chunk and waits for the end of its import. Returns the import's id and how it ended. */
export async function runPackage(
  api: Api,
  connectionId: string,
  content: Buffer,
): Promise<{ readonly id: string; readonly state: ImportState }> {
  const begun = { fileName: "export.zip", bytes: content.length };
  const { id } = await api.post<{ id: string }>(`/connections/${connectionId}/packages`, begun);
  await api.putBytes(`/packages/${id}/chunks/0`, content);
  await api.post(`/packages/${id}/complete`);
  const deadline = Date.now() + 45_000;
  for (;;) {
    const item = await api.get<PackageItem>(`/packages/${id}`);
    if (item.fault !== null) throw new Error(`The package was refused: ${item.fault.what}`);
    const { importId, importState } = item;
    if (importId !== null && importState !== null && !unfinished.includes(importState)) {
      return { id: importId, state: importState };
    }
    if (Date.now() > deadline) throw new Error(`The package is still ${item.state}.`);
    await sleep(150);
  }
}

const unfinished: readonly ImportState[] = ["queued", "running"];

/** Starts an import of a connection and waits for its end. Returns its id and how it ended. */
export async function runImport(
  api: Api,
  connectionId: string,
): Promise<{ readonly id: string; readonly state: ImportState }> {
  const { id } = await api.post<{ id: string }>(`/connections/${connectionId}/imports`);
  const deadline = Date.now() + 45_000;
  for (;;) {
    const { state } = await api.get<{ state: ImportState }>(`/imports/${id}`);
    if (!unfinished.includes(state)) return { id, state };
    if (Date.now() > deadline) throw new Error(`Import ${id} is still ${state}.`);
    await sleep(150);
  }
}
