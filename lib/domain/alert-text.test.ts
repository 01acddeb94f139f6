import { describe, expect, it } from "vitest";
import type { AlertFacts } from "./alert.ts";
import { alertText, expiryText } from "./alert-text.ts";

const now = new Date("2026-11-29T12:00:00Z");
const told = (
  facts: AlertFacts,
  method: "multi-tenant-app" | "registered-app" = "registered-app",
) => alertText(facts, { tenant: "Fabrikam", method }, now);

describe("when a credential ends", () => {
  it.each([
    ["2026-12-05T00:00:00Z", "expires in 6 days, on 5 Dec 2026"],
    ["2026-11-30T00:00:00Z", "expires in 1 day, on 30 Nov 2026"],
    ["2026-11-29T23:59:00Z", "expires today, on 29 Nov 2026"],
    ["2026-11-29T12:00:00Z", "expired on 29 Nov 2026"],
    ["2026-11-03T00:00:00Z", "expired on 3 Nov 2026"],
  ])("%s: %s", (expiresAt, text) => {
    expect(expiryText(expiresAt, now)).toBe(text);
  });
});

it("says what a lost permission takes away, and who gives it back by which method", () => {
  const facts = {
    kind: "permission-lost",
    connectionId: "a",
    permission: "Reports.Read.All",
  } as const;
  expect(told(facts, "multi-tenant-app")).toEqual({
    what: "The permission Reports.Read.All was taken away from our app in Fabrikam.",
    hidden: "Activity rests on sign-ins alone.",
    action: "Ask a Global Administrator to consent again.",
  });
  expect(told(facts).action).toContain("app registration");
});

it("tells an expiry before and after it has come", () => {
  const facts = {
    kind: "credential-expiry",
    connectionId: "a",
    credential: "secret",
    expiresAt: "2026-12-05T00:00:00Z",
    stage: "7-days",
  } as const;
  expect(told(facts)).toMatchObject({
    what: "The secret expires in 6 days, on 5 Dec 2026.",
    hidden: "Nothing is imported after that.",
  });
  const over = { ...facts, expiresAt: "2026-11-03T00:00:00Z", stage: "expired" } as const;
  expect(told(over)).toMatchObject({
    what: "The secret expired on 3 Nov 2026.",
    hidden: "Nothing is imported until it is replaced.",
  });
});

it("tells an expiry of what the connections of an organisation share", () => {
  const facts = {
    kind: "organisation-credential-expiry",
    organisationId: "o",
    name: "Contoso Group",
    credential: "refresh-token",
    expiresAt: "2026-12-05T00:00:00Z",
    stage: "7-days",
  } as const;
  expect(told(facts)).toMatchObject({
    what: "The refresh token of the SaaS Management organisation Contoso Group expires in 6 days, on 5 Dec 2026.",
    hidden: "None of its connections is imported after that.",
  });
});

it.each<AlertFacts>([
  {
    kind: "access-lost",
    connectionId: "a",
    failure: { class: "credential", code: "app-disabled" },
  },
  { kind: "sign-ins-lost", connectionId: "a" },
  { kind: "claim-moved", connectionId: "a", source: "microsoft-365" },
  {
    kind: "app-credential-expiry",
    cloud: "global",
    credential: "certificate",
    expiresAt: "2026-12-05T00:00:00Z",
    stage: "30-days",
  },
])("tells $kind in whole sentences", (facts) => {
  const text = told(facts);
  for (const part of [text.what, text.hidden, text.action]) expect(part).toMatch(/^[A-Z“].*\.$/);
});
