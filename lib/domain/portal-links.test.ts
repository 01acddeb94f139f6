import { describe, expect, it } from "vitest";
import { portalLinks } from "./portal-links.ts";

const tenantId = "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01";
const clientId = "c0a7a111-5678-4d9e-8f01-23456789abc3";

describe("portalLinks", () => {
  it("opens the cloud's own portal in the tenant's directory, at the app's pages", () => {
    const links = portalLinks({ portalOrigin: "https://portal.azure.us", tenantId, clientId });
    for (const link of Object.values(links)) {
      const url = new URL(link);
      expect(url.origin).toBe("https://portal.azure.us");
      expect(url.pathname).toBe(`/${tenantId}/`);
    }
    expect(links.credentials).toContain(`/~/Credentials/appId/${clientId}/`);
    expect(new Set(Object.values(links)).size).toBe(4);
  });

  it("leads to the list while the app is not known", () => {
    const links = portalLinks({
      portalOrigin: "https://portal.azure.com",
      tenantId,
      clientId: null,
    });
    expect(new Set(Object.values(links))).toEqual(new Set([links.registrations]));
  });
});
