/** A path of our own origin to come back to after signing in; `/` for anything that might lead elsewhere. */
export function safeReturnPath(path: string | null | undefined): string {
  const base = "http://return.invalid";
  const url = path?.startsWith("/") ? URL.parse(path, base) : null;
  if (url === null || url.origin !== base) return "/";
  return url.pathname.startsWith("//") ? "/" : `${url.pathname}${url.search}`;
}
