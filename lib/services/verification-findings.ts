import type { VerificationKind } from "#db/queries/verification-requests";
import type { EndpointCheck, VerificationResult } from "#db/schema/connections";
import type { Failure } from "#lib/domain/failure";
import type { VerificationReport } from "#lib/microsoft/verify";

/** What a report means for its verification. `wait`: what is missing may still arrive by itself. */
export type Verdict =
  | { readonly kind: "verified" }
  | { readonly kind: "wait"; readonly failure: Failure }
  | { readonly kind: "refused"; readonly failure: Failure };

/** For how long after it was asked for a verification waits for a consent to reach all of Microsoft. Seconds. */
export const waitWindowSeconds = 300;

/** Seconds until the next attempt: close together at first, then every half minute. */
export const waitSeconds = (attempt: number): number => Math.min(30, 5 * attempt);

/** A fault of the moment, on which nobody has to act. */
export const isTransient = (failure: Failure): boolean =>
  failure.class === "throttled" ||
  (failure.class === "upstream" &&
    ["upstream-error", "timed-out", "network", "unreadable-response"].includes(failure.code));

/** Which check it was, and how long ago it was asked for. */
export interface AskedCheck {
  readonly kind: VerificationKind;
  readonly ageSeconds: number;
  /** What the consent it follows asked a tenant for that was connected before; null for every other check. */
  readonly askedAgain: readonly string[] | null;
}

/**
 * Judges what a verification found. After a consent everything missing may be on its way for five minutes; a
 * registered app's missing permission is told at once, since nobody knows when it was asked for. An optional one is
 * waited for only when a connected tenant was asked again: a first import is not held up for it.
 * Source: DESIGN §7 step 4, reference/microsoft-graph.md §2.3.
 */
export function judgeReport(report: VerificationReport, asked: AskedCheck): Verdict {
  const inTime = asked.ageSeconds < waitWindowSeconds;
  const failure = failureIn(report, asked.kind);
  if (failure === null) {
    const arriving = report.permissions.find(
      ({ permission, granted }) => !granted && asked.askedAgain?.includes(permission),
    );
    return inTime && arriving !== undefined
      ? { kind: "wait", failure: permissionMissing(arriving.permission) }
      : { kind: "verified" };
  }
  const mayArrive = asked.kind === "proof" && report.pending;
  return { kind: inTime && (mayArrive || isTransient(failure)) ? "wait" : "refused", failure };
}

/** The first thing in the way of an import; null when there is none. */
function failureIn(report: VerificationReport, kind: VerificationKind): Failure | null {
  if (report.tokenFailure) return report.tokenFailure;
  const missing = report.permissions.find(({ mandatory, granted }) => mandatory && !granted);
  // A registered app may reach the endpoints by a wider permission; of our own app we know what it asks for.
  if (missing && (kind === "proof" || !report.usable)) return permissionMissing(missing.permission);
  for (const { mandatory, outcome, permission } of report.checks) {
    if (!mandatory) continue;
    if (outcome.kind === "failed") return outcome.failure;
    if (outcome.kind !== "ok") return permissionMissing(permission);
  }
  return report.tenant ? null : { class: "tenant", code: "tenant-mismatch" };
}

const permissionMissing = (permission: string): Failure => ({
  class: "permission",
  code: "permission-missing",
  permission,
});

/**
 * The proof of another tenant than the one whose domain was entered. A tenant that was proven before is that tenant,
 * whatever its domains are called now. Source: DESIGN §7 step 2.
 */
export function domainRefusal(
  job: {
    readonly kind: VerificationKind;
    readonly connection: { readonly tenantHint: string | null; readonly provenAt: Date | null };
  },
  report: VerificationReport,
): Failure | null {
  const { tenantHint, provenAt } = job.connection;
  if (job.kind !== "proof" || provenAt !== null || report.tenant === null) return null;
  if (tenantHint === null || !tenantHint.includes(".")) return null;
  if (report.tenant.domains.includes(tenantHint)) return null;
  return { class: "tenant", code: "domain-of-other-tenant", facts: { domain: tenantHint } };
}

/** Optional permissions that were not granted: what they would give is an expected absence from now on. */
export const declinedPermissions = (report: VerificationReport): readonly string[] =>
  report.permissions
    .filter(
      ({ permission, mandatory, granted }) =>
        !mandatory &&
        !granted &&
        !report.checks.some(
          (check) => check.permission === permission && check.outcome.kind === "ok",
        ),
    )
    .map(({ permission }) => permission);

/** The report as it is stored and shown. Without a token nobody knows what is granted, so nothing is called missing. */
export const toVerificationResult = (report: VerificationReport): VerificationResult => ({
  tenantName: report.tenant?.displayName ?? null,
  tenantDomain: report.tenant?.defaultDomain ?? null,
  permissions: (report.tokenFailure === null ? report.permissions : []).map(
    ({ permission, mandatory, granted }) => ({
      name: permission,
      mandatory,
      granted,
    }),
  ),
  endpoints: report.checks.map(toEndpointCheck),
});

const toEndpointCheck = (check: VerificationReport["checks"][number]): EndpointCheck => ({
  endpoint: check.endpoint,
  permission: check.permission,
  mandatory: check.mandatory,
  outcome: check.outcome.kind,
  latencyMs: check.outcome.kind === "not-offered" ? null : check.latencyMs,
  ...(check.outcome.kind === "failed" ? { failure: check.outcome.failure } : {}),
});
