export type PolicyFor =
  | { readonly kind: "api" }
  | { readonly kind: "page"; readonly nonce: string; readonly production: boolean };

/**
 * The smallest policy under which every page works. Mantine, the tables and the charts write style attributes, and
 * `next dev` needs eval and styles without a nonce. Source: reference/stack-notes.md §2, reference/fault-catalogue.md §4.
 */
export function contentSecurityPolicy(target: PolicyFor): string {
  if (target.kind === "api") return "default-src 'none'; frame-ancestors 'none'";
  const { nonce, production } = target;
  const scripts = `'self' 'nonce-${nonce}' 'strict-dynamic'${production ? "" : " 'unsafe-eval'"}`;
  const styles = production ? `'self' 'nonce-${nonce}'` : "'self' 'unsafe-inline'";
  return [
    "default-src 'self'",
    `script-src ${scripts}`,
    `style-src ${styles}`,
    "style-src-attr 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Headers of every dynamic answer. Signed-in pages are nobody else's to keep (fault-catalogue D12). */
export const securityHeaders = (appUrl: string): Readonly<Record<string, string>> => ({
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "permissions-policy":
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  ...(appUrl.startsWith("https:")
    ? { "strict-transport-security": "max-age=31536000; includeSubDomains" }
    : {}),
});

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a request would change something and does not come from our own pages. A missing Origin counts as foreign. */
export const isForeignWrite = (method: string, origin: string | null, appUrl: string): boolean =>
  !safeMethods.has(method) && origin !== new URL(appUrl).origin;
