/**
 * Where a request came from, as the nearest proxy saw it (the last entry of X-Forwarded-For; without a proxy Next
 * writes the socket's address there). Good for limits, not for identity: without a proxy a visitor may write it.
 */
export const clientAddress = (headers: Pick<Headers, "get">): string =>
  headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() || "unknown";
