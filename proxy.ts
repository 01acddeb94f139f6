import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { webEnv } from "#lib/env";
import { contentSecurityPolicy, isForeignWrite, securityHeaders } from "#lib/server/headers";

/**
 * Runs before every request: refuses writes from other origins, and gives pages a nonce and all answers their
 * headers. It authorises nothing: that is the use cases' alone (DESIGN §3).
 */
export function proxy(request: NextRequest): NextResponse {
  const { appUrl, production } = webEnv();
  const { pathname, search } = request.nextUrl;
  const isApi = pathname.startsWith("/api/");
  if (
    !pathname.startsWith("/api/v1/") &&
    isForeignWrite(request.method, request.headers.get("origin"), appUrl)
  ) {
    return new NextResponse("This request came from another site and was refused.", {
      status: 403,
      headers: securityHeaders(appUrl),
    });
  }
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(
    isApi ? { kind: "api" } : { kind: "page", nonce, production },
  );
  // What the visitor sends under these names is never passed on: Next would take its nonce from there.
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-path", `${pathname}${search}`);
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(securityHeaders(appUrl))) {
    response.headers.set(name, value);
  }
  response.headers.set("content-security-policy", policy);
  return response;
}

export const config = {
  matcher: ["/((?!_next/static|_next/image|favicon.svg|logo.svg).*)"],
};
