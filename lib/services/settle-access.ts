import type { Tx } from "#db/client";
import {
  type EndedRead,
  findEarlierAccess,
  findStanding,
  listEndedReads,
} from "#db/queries/access-facts";
import { listOpenAlertsOf } from "#db/queries/alerts";
import type { ConnectionKey } from "#db/queries/connections";
import type { AlertFinding } from "#lib/domain/alert";
import {
  driftFindings,
  type EarlierAccess,
  readOfPermission,
  type SeenAccess,
} from "#lib/domain/drift";
import type { VerificationReport } from "#lib/microsoft/verify";
import { settleAlerts } from "./raise-alert.ts";
import { declinedPermissions } from "./verification-findings.ts";

/**
 * One alert while a connection that worked needs repair, naming why; none once it works. A paused connection keeps what
 * it has: nobody knows. To be called in the transaction that may have changed the status.
 */
export async function settleAccess(tx: Tx, key: ConnectionKey): Promise<void> {
  const { workspaceId, connectionId } = key;
  const connection = await findStanding(tx, key);
  if (connection === undefined) return;
  const { status, problem, provenAt } = connection;
  const findings: AlertFinding[] = [];
  if (status === "ready") {
    findings.push({ found: "right", key: { kind: "access-lost", subject: connectionId } });
  } else if (status === "action-needed" && problem !== null && provenAt !== null) {
    const facts = { kind: "access-lost", connectionId, failure: problem } as const;
    findings.push({ found: "wrong", facts });
  }
  await settleAlerts(tx, workspaceId, findings);
}

/** What a verification saw, against what the one before it saw (`earlier`, taken before this one is written down). */
export async function settleVerified(
  tx: Tx,
  key: ConnectionKey,
  seen: { readonly report: VerificationReport; readonly earlier: EarlierAccess | null },
): Promise<void> {
  const { report, earlier } = seen;
  const missing = declinedPermissions(report);
  const signIns = report.checks.find(({ endpoint }) => endpoint === "sign-ins")?.outcome.kind;
  await settleSeen(tx, key, earlier, {
    missing,
    granted: report.permissions
      .map(({ permission }) => permission)
      .filter((permission) => !missing.includes(permission)),
    signIns:
      signIns === "ok" ? "given" : signIns === "not-licensed" ? "not-licensed" : "not-judged",
  });
}

/** What an import's run saw, against what the last verification saw. */
export async function settleImported(
  tx: Tx,
  run: ConnectionKey & { readonly runId: string },
): Promise<void> {
  const reads = await listEndedReads(tx, run);
  await settleSeen(tx, run, await findEarlierAccess(tx, run), seenBy(reads));
}

/** What the reads of a run tell of permissions and licenses. */
function seenBy(reads: readonly EndedRead[]): SeenAccess {
  const stateOf = (read: string) => reads.find((ended) => ended.read === read);
  const judged = Object.entries(readOfPermission).map(
    ([permission, read]) => [permission, stateOf(read)] as const,
  );
  const signIns = stateOf("sign-ins");
  return {
    granted: judged.flatMap(([permission, read]) => (read?.state === "complete" ? permission : [])),
    missing: judged.flatMap(([permission, read]) =>
      read?.failure?.code === "permission-missing" ? permission : [],
    ),
    signIns:
      signIns?.state === "complete"
        ? "given"
        : signIns?.reason === "not-licensed"
          ? "not-licensed"
          : "not-judged",
  };
}

async function settleSeen(
  tx: Tx,
  key: ConnectionKey,
  earlier: EarlierAccess | null,
  seen: SeenAccess,
): Promise<void> {
  const open = await listOpenAlertsOf(tx, key);
  const findings = driftFindings(key.connectionId, { earlier, seen, open });
  await settleAlerts(tx, key.workspaceId, findings);
}
