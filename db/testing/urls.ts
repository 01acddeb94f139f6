import type { DatabaseUrls } from "../embedded/acquire.ts";

/** The same server and roles, another database. */
export function withDatabase(urls: DatabaseUrls, database: string): DatabaseUrls {
  const swap = (text: string) => {
    const url = new URL(text);
    url.pathname = `/${database}`;
    return url.href;
  };
  return { owner: swap(urls.owner), web: swap(urls.web), worker: swap(urls.worker) };
}
