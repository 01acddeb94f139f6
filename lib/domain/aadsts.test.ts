import { describe, expect, it } from "vitest";
import { classifyOAuthError, knownAadstsNumbers } from "./aadsts.ts";
import { toldAadstsNumbers } from "./aadsts-stories.ts";
import { failureClasses } from "./failure.ts";
import { failureCodes, failureText } from "./failure-text.ts";

describe("classifyOAuthError", () => {
  it.each([
    ["B16: wrong secret", "invalid_client", [7000215], "credential", "secret-wrong"],
    ["B16: expired secret", "invalid_client", [7000222], "credential", "secret-expired"],
    [
      "B16: certificate not registered",
      "invalid_client",
      [700027],
      "credential",
      "certificate-rejected",
    ],
    ["certificate subject", "invalid_client", [700030], "credential", "certificate-rejected"],
    ["certificate reasons", "invalid_client", [50012], "credential", "certificate-rejected"],
    ["clock", "invalid_client", [500133], "credential", "clock-skew"],
    ["B16: app not in tenant", "unauthorized_client", [700016], "credential", "app-not-in-tenant"],
    [
      "B14: service principal gone",
      "unauthorized_client",
      [7000229],
      "credential",
      "app-not-in-tenant",
    ],
    ["B14: app disabled", "unauthorized_client", [7000112], "credential", "app-disabled"],
    ["no consent", "invalid_grant", [65001], "credential", "consent-revoked"],
    ["B16: wrong tenant id", "invalid_request", [90002], "tenant", "tenant-not-found"],
    ["malformed tenant id", "invalid_request", [900023], "tenant", "tenant-not-found"],
    ["tenant gone", "invalid_request", [5000224], "tenant", "tenant-blocked"],
    ["B24: other cloud", "invalid_request", [90038], "tenant", "tenant-other-cloud"],
    ["B24: cross cloud", "unauthorized_client", [900382], "tenant", "tenant-other-cloud"],
    [
      "B24: cross cloud, other number",
      "unauthorized_client",
      [900432],
      "tenant",
      "tenant-other-cloud",
    ],
    ["conditional access", "access_denied", [53003], "upstream", "conditional-access"],
    ["security policy", "invalid_grant", [530032], "upstream", "conditional-access"],
    ["tenant throttled", "temporarily_unavailable", [90055], "throttled", "throttled"],
    [
      "B24: directory unavailable",
      "temporarily_unavailable",
      [90033],
      "upstream",
      "upstream-error",
    ],
    ["C6: Cancel pressed", "consent_required", [65004], "permission", "consent-declined"],
    ["not an administrator", "access_denied", [90094], "permission", "consent-needs-administrator"],
  ] as const)("%s", (_title, error, numbers, failureClass, code) => {
    expect(classifyOAuthError(error, numbers)).toEqual({ class: failureClass, code });
  });

  it.each([
    ["invalid_client", undefined, "credential", "token-refused"],
    ["unauthorized_client", undefined, "credential", "token-refused"],
    ["invalid_request", undefined, "upstream", "bad-request"],
    ["invalid_scope", undefined, "system", "app-misconfigured"],
    ["temporarily_unavailable", 503, "upstream", "upstream-error"],
    ["temporarily_unavailable", 429, "throttled", "throttled"],
    ["something_new", 401, "credential", "token-refused"],
    ["something_new", 503, "upstream", "upstream-error"],
    [null, undefined, "credential", "token-refused"],
  ] as const)("without a number it knows: %s, status %s", (error, status, failureClass, code) => {
    expect(classifyOAuthError(error, [1, 2], status)).toEqual({ class: failureClass, code });
  });

  it("takes the first number it knows", () => {
    expect(classifyOAuthError("invalid_client", [1, 7000222, 7000215]).code).toBe("secret-expired");
  });

  it("answers every known number with a class and a code that has a text", () => {
    for (const number of knownAadstsNumbers) {
      const found = classifyOAuthError("invalid_client", [number]);
      expect(failureClasses).toContain(found.class);
      expect(failureCodes).toContain(found.code);
    }
  });
});

/** Reference/microsoft-graph.md §1.4, row by row. */
const listed = [
  65004, 65001, 90094, 90095, 50011, 700016, 7000229, 7000112, 7000215, 7000222, 7000218, 700027,
  700030, 50012, 500133, 50013, 90002, 900023, 5000224, 90038, 900382, 900432, 500011, 70011, 53003,
  530032, 50196, 90055, 90033, 90006, 90024, 90012, 650051, 650052, 650056, 50105, 50020, 50034,
];

describe("help text of every AADSTS number", () => {
  const textOf = (errorNumber: number, method: "multi-tenant-app" | "registered-app") => {
    const { class: failureClass, code } = classifyOAuthError(null, [errorNumber]);
    return failureText({ class: failureClass, code, errorNumber }, { method, tenant: "Contoso" });
  };

  it("is there for exactly the numbers the reference lists", () => {
    expect([...toldAadstsNumbers].sort()).toEqual([...listed].sort());
    expect([...knownAadstsNumbers].sort()).toEqual([...listed].sort());
  });

  it.each(["multi-tenant-app", "registered-app"] as const)(
    "says for each what happened and what to do, each in its own words: %s",
    (method) => {
      const told = knownAadstsNumbers.map((number) => textOf(number, method));
      for (const { what, action } of told) {
        for (const part of [what, action]) {
          expect(part).toMatch(/^[A-Z].*\.$/);
          expect(part).not.toMatch(/AADSTS|undefined|null|!/);
        }
      }
      expect(new Set(told.map(({ what }) => what)).size).toBe(knownAadstsNumbers.length);
    },
  );

  it("lets the code speak for a number it does not know", () => {
    const failure = { class: "credential", code: "token-refused" } as const;
    expect(failureText({ ...failure, errorNumber: 1 }).what).toBe(failureText(failure).what);
  });

  it.each([90002, 90038, 900382, 900432, 500011])(
    "names the tenant's cloud where it was found out: %i",
    (errorNumber) => {
      const facts = { cloud: "china" };
      const failure = { class: "tenant", code: "tenant-other-cloud", errorNumber, facts } as const;
      expect(failureText(failure).what).toContain("China");
    },
  );
});
