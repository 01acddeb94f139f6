import type { Method, Source } from "./connection.ts";
import type { Failure } from "./failure.ts";

/** What brings a connection that needs action back to work: the step that is broken. */
export type Repair =
  /** An administrator approves the multi-tenant app again. */
  | "consent"
  /** A new secret or certificate. */
  | "credential"
  /** Tenant or cloud were entered wrongly; nothing was read yet. */
  | "tenant"
  /** A new credential of the SaaS Management organisation, for all its connections. */
  | "organisation"
  /** Nothing here is broken: it is put right at Microsoft, or by whoever runs the installation, and then verified. */
  | "verify";

export interface RepairFacts {
  readonly source: Source;
  readonly method: Method | null;
  readonly problem: Pick<Failure, "class" | "code">;
  /** Whether it ever worked: tenant, cloud and app are right then. */
  readonly wasReady: boolean;
}

/** Refusals an administrator's new approval ends. */
const consentCodes: readonly string[] = [
  "app-not-in-tenant",
  "consent-revoked",
  "consent-declined",
  "permission-missing",
  "tenant-not-proven",
];

/** Refusals a new secret or certificate ends. */
const credentialCodes: readonly string[] = [
  "secret-wrong",
  "secret-expired",
  "certificate-rejected",
  "certificate-expired",
  "credential-missing",
  "credential-unreadable",
  "token-refused",
];

const tenantCodes: readonly string[] = [
  "tenant-not-found",
  "tenant-other-cloud",
  "tenant-mismatch",
  "tenant-refused",
];

/**
 * The step at which a broken connection is repaired, from its problem alone. The multi-tenant app's credential is the
 * installation's: no customer repairs it. Source: DESIGN §7, reference/microsoft-graph.md §1.4.
 */
export function repairOf({ source, method, problem, wasReady }: RepairFacts): Repair {
  if (source === "saas-management") return "organisation";
  if (!wasReady && tenantCodes.includes(problem.code)) return "tenant";
  if (method === "multi-tenant-app")
    return consentCodes.includes(problem.code) ? "consent" : "verify";
  if (credentialCodes.includes(problem.code)) return "credential";
  // A client id of another app or tenant is corrected where it was entered.
  return !wasReady && problem.code === "app-not-in-tenant" ? "credential" : "verify";
}

/** What the repair is called where it is begun. */
export const repairLabels: Readonly<Record<Repair, string>> = {
  consent: "Consent again at Microsoft",
  credential: "Enter a new credential",
  tenant: "Correct tenant or cloud",
  organisation: "Go to the organisation",
  verify: "Verify again",
};

/** Where the repair is: the step of the wizard for a connection that never worked, else a part of its page. */
export function repairHref(connectionId: string, repair: Repair, wasReady: boolean): string {
  const page = `/connections/${connectionId}`;
  const wizard = `/connections/new?connection=${connectionId}`;
  switch (repair) {
    case "tenant":
      return `${wizard}&step=tenant`;
    case "credential":
      return wasReady ? `${page}#credential` : `${wizard}&step=credential`;
    case "organisation":
      return "/settings/integrations";
    case "consent":
    case "verify":
      return page;
    default:
      return repair satisfies never;
  }
}
