import { type AlertFacts, type AlertFinding, permissionKey } from "./alert.ts";
import { type PermissionName, permissions } from "./connection.ts";
import type { Read } from "./import.ts";

/** The optional permissions: what is lost without one is told, and everything else goes on. */
const optionalPermissions: readonly PermissionName[] = permissions
  .filter(({ mandatory }) => !mandatory)
  .map(({ name }) => name);

/** The read that shows whether an optional permission is there. Source: reference/microsoft-graph.md §3.1. */
export const readOfPermission: Readonly<Partial<Record<PermissionName, Read>>> = {
  "GroupMember.Read.All": "groups",
  "AuditLog.Read.All": "sign-ins",
  "Reports.Read.All": "report:active-users",
  "ReportSettings.Read.All": "report-settings",
};

/** What was known of a connection before somebody looked again. */
export interface EarlierAccess {
  /** Optional permissions that were not there when it was last verified: expected absences. */
  readonly declined: readonly string[];
  /** Microsoft gave sign-ins when it was last verified. */
  readonly signInsGiven: boolean;
}

/** What a look saw; what it could not judge is in neither list. */
export interface SeenAccess {
  readonly granted: readonly string[];
  readonly missing: readonly string[];
  readonly signIns: "given" | "not-licensed" | "not-judged";
}

/**
 * What is there no more, or again, of what imports may do without. Whatever was not there from the beginning is no
 * drift; what is lost stays so until it is seen again, however often somebody looks meanwhile. `earlier` null: nobody
 * has looked before.
 */
export function driftFindings(
  connectionId: string,
  access: {
    readonly earlier: EarlierAccess | null;
    readonly seen: SeenAccess;
    /** Alerts that are open about the connection. */
    readonly open: readonly AlertFacts[];
  },
): readonly AlertFinding[] {
  const { earlier, seen, open } = access;
  const findings: AlertFinding[] = [];
  for (const permission of optionalPermissions) {
    const key = permissionKey(connectionId, permission);
    if (seen.granted.includes(permission)) findings.push({ found: "right", key });
    else if (seen.missing.includes(permission)) {
      const had = earlier !== null && !earlier.declined.includes(permission);
      const told = open.some(
        (facts) => facts.kind === "permission-lost" && facts.permission === permission,
      );
      const facts = { kind: "permission-lost", connectionId, permission } as const;
      if (had || told) findings.push({ found: "wrong", facts });
    }
  }
  if (seen.signIns === "given") {
    findings.push({ found: "right", key: { kind: "sign-ins-lost", subject: connectionId } });
  } else if (seen.signIns === "not-licensed") {
    const told = open.some(({ kind }) => kind === "sign-ins-lost");
    const facts = { kind: "sign-ins-lost", connectionId } as const;
    if (earlier?.signInsGiven || told) findings.push({ found: "wrong", facts });
  }
  return findings;
}
