import { describe, expect, test } from "vitest";
import { contentSecurityPolicy, isForeignWrite, securityHeaders } from "./headers.ts";

describe("contentSecurityPolicy", () => {
  test("allows no inline script or style element without the nonce in production", () => {
    const policy = contentSecurityPolicy({ kind: "page", nonce: "abc", production: true });
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
    expect(policy).toContain("style-src 'self' 'nonce-abc';");
    expect(policy).not.toContain("unsafe-eval");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test("gives the API nothing to run", () => {
    expect(contentSecurityPolicy({ kind: "api" })).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
  });
});

describe("securityHeaders", () => {
  test("promise https only where the application is served over it", () => {
    expect(securityHeaders("https://a.example")).toHaveProperty("strict-transport-security");
    expect(securityHeaders("http://localhost:3000")).not.toHaveProperty(
      "strict-transport-security",
    );
  });

  test("let nobody keep a page", () => {
    expect(securityHeaders("https://a.example")["cache-control"]).toBe("private, no-store");
  });
});

describe("isForeignWrite", () => {
  const app = "https://seats.example";

  test("lets everybody read and our own pages write", () => {
    expect(isForeignWrite("GET", "https://evil.example", app)).toBe(false);
    expect(isForeignWrite("POST", app, app)).toBe(false);
  });

  test.each([
    ["another origin", "https://evil.example"],
    ["the opaque origin", "null"],
    ["no origin", null],
    ["the same host by http", "http://seats.example"],
    ["another port", "https://seats.example:8443"],
  ])("refuses a write from %s", (_, origin) => {
    expect(isForeignWrite("POST", origin, app)).toBe(true);
    expect(isForeignWrite("DELETE", origin, app)).toBe(true);
  });
});
