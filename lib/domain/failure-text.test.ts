import { describe, expect, it } from "vitest";
import { type Failure, failureClasses } from "./failure.ts";
import { failureCodes, failureText } from "./failure-text.ts";
import type { Read } from "./import.ts";
import { unavailableReasons } from "./quantity.ts";
import { type UnavailableSubject, unavailableText } from "./unavailable-text.ts";

const agreed = [
  "secret-wrong secret-expired certificate-rejected certificate-expired clock-skew app-not-in-tenant app-disabled",
  "consent-revoked token-refused credential-unreadable permission-missing tenant-not-found",
  "tenant-other-cloud tenant-blocked tenant-mismatch throttled upstream-error unreadable-response",
  "timed-out link-refused link-loop too-many-pages report-malformed report-missing-column report-empty",
  "report-host-refused response-too-large bad-request expired-page-token-too-often",
  "conditional-access network database-unavailable held unexpected no-progress rows-lost",
  "sku-list-unstable app-misconfigured not-administrator no-role-claim guest other-tenant",
  "invalid-token code-refused proof-incomplete tenant-claimed-elsewhere connected-already credential-missing not-licensed",
  "not-offered-in-cloud expired-page-token not-in-package package-damaged",
].flatMap((line) => line.split(" "));

const never = { directory: null, "sign-ins": null, usage: null };

const failure = (given: Partial<Failure>): Failure => ({
  class: "upstream",
  code: "upstream-error",
  ...given,
});

describe("failureText", () => {
  it.each(agreed)("%s has a text of its own", (code) => {
    expect(failureCodes).toContain(code);
  });

  it("E6: every code says what happened, what is not shown and what to do, in sentences", () => {
    for (const code of failureCodes) {
      const text = failureText(failure({ code }), { dataset: "directory", publishedOn: never });
      for (const part of [text.what, text.hidden, text.action]) {
        expect(part, code).toMatch(/^[A-Z\u201C].*\.$/);
        expect(part, code).not.toMatch(/AADSTS|undefined|null|!/);
      }
    }
  });

  it("B16: each kind of refusal reads differently", () => {
    const texts = failureCodes.map((code) => failureText(failure({ code })).what);
    const alike = texts.filter((text, index) => texts.indexOf(text) !== index);
    expect(alike).toEqual([failureText(failure({ code: "consent-revoked" })).what]);
  });

  it("names SaaS Management where that failed, and the limit a list went past", () => {
    const facts = { service: "saas-management" };
    for (const code of ["timed-out", "network", "upstream-error", "link-loop", "throttled"]) {
      const told = failureText(failure({ code, facts }));
      expect(told.what).toContain("SaaS Management");
      expect(Object.values(told).join()).not.toContain("Microsoft");
    }
    const long = failure({ code: "too-many-pages", facts: { ...facts, limitPages: 100_000 } });
    expect(failureText(long).what).toMatch(/^SaaS Management's list .* after 100,000 pages/);
  });

  it("names the day entered for a secret that expired and since when nothing was imported", () => {
    const text = failureText(failure({ class: "credential", code: "secret-expired" }), {
      method: "registered-app",
      credential: { kind: "secret", expiresOn: "2026-11-03" },
      publishedOn: { ...never, directory: "2026-11-02" },
    });
    expect(text).toEqual({
      what: "Microsoft refused the secret: it has expired. The end entered for it is 3 Nov 2026.",
      hidden: "Nothing was imported since 2 Nov 2026.",
      action: "Create a new secret in the app registration and enter it.",
    });
  });

  it("sends the operator to renew a credential that is ours", () => {
    const expired = failure({ class: "credential", code: "secret-expired" });
    expect(failureText(expired, { method: "multi-tenant-app" }).action).toContain("runs this");
  });

  it("hints at a pasted secret id", () => {
    expect(failureText(failure({ code: "secret-wrong" })).what).toContain("ID was pasted");
  });

  it("B17: names the missing permission and what is not shown without it", () => {
    const text = failureText({
      class: "permission",
      code: "permission-missing",
      permission: "AuditLog.Read.All",
    });
    expect(text.what).toContain("AuditLog.Read.All");
    expect(text.hidden).toContain("activity rests on usage reports alone");
  });

  it("E14: says until when Microsoft limits us", () => {
    const text = failureText(failure({ code: "throttled" }), { limitedUntil: "14:32" });
    expect(text.what).toBe("Microsoft is limiting us until 14:32.");
  });

  it("B19: names the report and the column", () => {
    const text = failureText(
      failure({ code: "report-missing-column", facts: { column: "Last Activity Date" } }),
      { dataset: "usage", read: "report:teams", publishedOn: { ...never, usage: "2026-11-20" } },
    );
    expect(text.what).toBe(
      "Microsoft sent the Teams report without the column \u201CLast Activity Date\u201D.",
    );
    expect(text.hidden).toBe("Use told by the Teams report alone does not count as activity.");
  });

  it("B8: names the host that was refused", () => {
    const text = failureText(failure({ code: "link-refused", facts: { host: "evil.example" } }));
    expect(text.what).toContain("evil.example");
  });

  it.each([
    ["origin", "which is not Microsoft's configured address"],
    ["user-info", "with a user name in the address"],
    ["path", "another place at graph.example than the list it belongs to"],
  ])("B8: says why a link was refused: %s", (reason, words) => {
    const facts = { host: "graph.example", reason };
    expect(failureText(failure({ code: "link-refused", facts })).what).toContain(words);
  });

  it("says how many rows were lost", () => {
    const facts = { read: "users", expected: 1200, found: 1199 };
    const text = failureText({ class: "system", code: "rows-lost", facts });
    expect(text.what).toContain("(1199 of 1200)");
  });

  it("does not name a host that could not be read", () => {
    const text = failureText(failure({ code: "link-refused", facts: { host: "?" } }));
    expect(text.what).toContain("another host");
  });

  it.each([
    ["directory", null, "No licenses are shown: nothing has been imported yet."],
    ["directory", "2026-11-20", "All numbers stay those of 20 Nov 2026."],
    ["directory", undefined, "All numbers stay as they were."],
    ["sign-ins", "2026-11-20", "Sign-ins stay those of 20 Nov 2026."],
    ["usage", null, "Activity rests on sign-ins alone."],
  ] as const)("E3: %s published on %s: %s", (dataset, publishedOn, hidden) => {
    const context =
      publishedOn === undefined
        ? { dataset }
        : { dataset, publishedOn: { ...never, [dataset]: publishedOn } };
    expect(failureText(failure({}), context).hidden).toBe(hidden);
  });

  it("E3: a directory that was published dates no sign-ins that never were", () => {
    const publishedOn = { ...never, directory: "2026-11-20" };
    const notLicensed = failure({ class: "tenant", code: "not-licensed" });
    expect(failureText(notLicensed, { dataset: "sign-ins", publishedOn }).hidden).toBe(
      "\u201CNever used\u201D cannot be told; activity rests on usage reports alone.",
    );
  });

  it("says for each optional read what is missing without it", () => {
    const reads: Read[] = [
      "company-subscriptions",
      "groups",
      "deleted-users",
      "report-settings",
      "report:mailbox",
      "report:activations",
      "report:copilot",
    ];
    const texts = reads.map((read) => failureText(failure({}), { dataset: "usage", read }).hidden);
    expect(new Set(texts).size).toBe(reads.length);
  });

  it("tells a code it does not know by its class", () => {
    for (const failureClass of failureClasses) {
      const text = failureText({ class: failureClass, code: "brand-new" });
      expect(text.what, failureClass).toMatch(/^[A-Z].*\.$/);
    }
    expect(failureText({ class: "system", code: "brand-new" }).what).toBe(
      "Something went wrong on our side.",
    );
  });
});

describe("unavailableText", () => {
  const subjects: UnavailableSubject[] = ["sign-ins", "usage", "activity", "entitled", "purchased"];

  it("E6: explains every reason in sentences, for any subject", () => {
    for (const reason of unavailableReasons) {
      for (const subject of subjects) {
        expect(unavailableText(reason, subject)).toMatch(/^[A-Z].*\.$/);
      }
    }
    const reasons = unavailableReasons.map((reason) => unavailableText(reason, "usage"));
    expect(new Set(reasons).size).toBe(unavailableReasons.length);
  });

  it("names the permission to grant", () => {
    expect(unavailableText("permission", "sign-ins")).toContain("AuditLog.Read.All");
    expect(unavailableText("permission", "usage")).toContain("Reports.Read.All");
  });
});
