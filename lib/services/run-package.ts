import { createHash, randomUUID } from "node:crypto";
import type { Tx } from "#db/client";
import { recordAudit, systemAuditActor } from "#db/queries/audit";
import { type ConnectionKey, lockConnection } from "#db/queries/connections";
import { removeChunks } from "#db/queries/package-chunks";
import {
  abandonStale,
  type CheckedFacts,
  findPublishedAsOf,
  findSameImported,
  hasActiveRun,
  hasEarlierWaiting,
  isSpent,
  recordChecked,
  recordImporting,
  recordPackageWorks,
  settleWaiting,
  takePackage,
} from "#db/queries/package-work";
import { findPackage, type PackageKey, type PackageRow } from "#db/queries/packages";
import { type ConnectionStatus, importableStatuses } from "#lib/domain/connection";
import { PackageError, type PackageFault } from "#lib/domain/package";
import type { PackageSummary } from "#lib/office365-export/contents";
import type { PackageBytes } from "#lib/office365-export/package-bytes";
import { checkMsOnline } from "#lib/office365-export/read-msonline";
import { checkPackage } from "#lib/office365-export/read-package";
import type { Actor } from "./actor.ts";
import type { Ctx, WorkerPlatform } from "./context.ts";
import { isDatabaseFault } from "./database-fault.ts";
import { msOnlineFiles } from "./open-package-source.ts";
import { raiseAlert, resolveAlert } from "./raise-alert.ts";
import { settlePackages } from "./settle-packages.ts";
import { createImport } from "./start-import.ts";
import { storedBytes } from "./stored-bytes.ts";

/** What working on an upload came to. `left`: nothing to do now, or somebody else does it. */
export type PackageEnd = "refused" | "unchanged" | "waiting" | "importing" | "emptied" | "left";

/** Clocks of other computers may be ahead by so much, ms. */
const clockSlackMs = 10 * 60_000;

/** The worker, acting for whoever uploaded. */
const receiver: Actor = { kind: "system", id: "package", name: "Seatledger", role: "owner" };

/**
 * Does the next thing about an upload: checks it against its own word before anything is imported, starts its import when
 * its turn has come, removes bytes nobody needs any more. Safe to repeat; two workers at once do no harm. Throws while the
 * database is away or the worker stops: the upload stays as it is. Source: DESIGN §4, docs/adr/0014.
 */
export async function runPackage(
  platform: WorkerPlatform,
  key: PackageKey,
  signal: AbortSignal,
): Promise<PackageEnd> {
  const { workspaceId } = key;
  let end: PackageEnd = "left";
  for (;;) {
    const row = await platform.db.inWorkspace(workspaceId, (tx) => findPackage(tx, key));
    if (row === undefined) return end;
    switch (row.state) {
      case "received": {
        const checked = await check(platform, key, row, signal);
        if (checked === "left") return checked;
        end = checked;
        break;
      }
      case "waiting": {
        const started = await platform.db.inWorkspace(workspaceId, (tx) =>
          start(platform, tx, key, row),
        );
        if (started === "waiting") return started;
        end = started;
        break;
      }
      case "receiving":
        if (!(await platform.db.inWorkspace(workspaceId, (tx) => abandonStale(tx, key))))
          return end;
        break;
      case "importing":
      case "unchanged":
      case "refused":
      case "cancelled":
        return (await empty(platform, key, signal)) && end === "left" ? "emptied" : end;
      default:
        return row.state satisfies never;
    }
  }
}

/** Reads all of it. Only what it says itself refuses it; a bug is told as one. */
async function check(
  platform: WorkerPlatform,
  key: PackageKey,
  row: PackageRow,
  signal: AbortSignal,
): Promise<"waiting" | "unchanged" | "refused" | "left"> {
  const { workspaceId } = key;
  const attempt = await platform.db.inWorkspace(workspaceId, (tx) => takePackage(tx, key));
  if (attempt === null) return "left";
  const found = await findOut(platform, key, row, signal);
  return platform.db.inWorkspace(workspaceId, async (tx) => {
    const end = decide(platform, found);
    if (!(await recordChecked(tx, { ...key, attempt }, end))) return "left";
    await tell(tx, { workspaceId, connectionId: row.connectionId }, row, end);
    await recordAudit(tx, {
      workspaceId,
      actor: systemAuditActor,
      action: end.state === "refused" ? "package.refused" : "package.checked",
      target: { kind: "package", id: key.packageId },
      details: {
        connectionId: row.connectionId,
        ...(end.state === "refused" ? { code: end.fault.code } : { users: end.users }),
      },
    });
    return end.state;
  });
}

/** What a connection and its alerts become by the end of a check. */
async function tell(tx: Tx, key: ConnectionKey, row: PackageRow, end: Decision): Promise<void> {
  if (end.state === "refused") return tellRefused(tx, key, row, end.fault);
  await recordPackageWorks(tx, key);
  const { workspaceId, connectionId } = key;
  await resolveAlert(tx, workspaceId, { kind: "upload-failed", subject: connectionId });
  await settlePackages(tx, key);
}

/** Whoever uploads in the console sees it there; of what a collector sent, nobody would know. */
async function tellRefused(
  tx: Tx,
  { workspaceId, connectionId }: ConnectionKey,
  { tokenId }: PackageRow,
  fault: PackageFault,
): Promise<void> {
  if (tokenId === null || fault.code === "connection-gone") return;
  await raiseAlert(tx, workspaceId, { kind: "upload-failed", connectionId, fault });
}

type Found = CheckedFacts | { readonly fault: PackageFault };

async function findOut(
  platform: WorkerPlatform,
  key: PackageKey,
  row: PackageRow,
  signal: AbortSignal,
): Promise<Found> {
  try {
    const bytes = storedBytes(platform, { ...key, bytes: row.bytes }, signal);
    const sha256 = await hashOf(bytes);
    const summary = await summarise(platform, key, row, bytes);
    const collectedAt = new Date(summary.collectedAt);
    return { ...summary, sha256, collectedAt };
  } catch (error) {
    if (error instanceof PackageError) return { fault: error.fault };
    if (signal.aborted || isDatabaseFault(error)) throw error;
    const correlationId = randomUUID();
    platform.log.error("package-broke", { packageId: key.packageId, correlationId }, error);
    return { fault: { code: "unexpected", facts: { correlationId } } };
  }
}

async function hashOf(bytes: PackageBytes): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of bytes.read(0, bytes.size)) hash.update(piece);
  return hash.digest("hex");
}

async function summarise(
  platform: WorkerPlatform,
  { workspaceId }: PackageKey,
  row: PackageRow,
  bytes: PackageBytes,
): Promise<PackageSummary> {
  const { connectionId, collectedAt } = row;
  const connection = await platform.db.inWorkspace(workspaceId, (tx) =>
    lockConnection(tx, { workspaceId, connectionId }),
  );
  const tenantId = connection?.tenantId ?? null;
  if (connection?.status === "disconnected" || tenantId === null) {
    throw new PackageError("connection-gone");
  }
  if (row.kind === "package") return checkPackage(bytes, { tenantId });
  const files = await msOnlineFiles(platform, { tenantId }, row, bytes);
  return checkMsOnline(files, (collectedAt ?? row.createdAt).toISOString());
}

type Decision = Parameters<typeof recordChecked>[2];

/** Refused, or sound and waiting for its turn. */
function decide(platform: WorkerPlatform, found: Found): Decision {
  if ("fault" in found) return { state: "refused", ...found };
  const { sha256, collectedAt, collectorVersion, hasSignIns, skus, users } = found;
  const facts = { sha256, collectedAt, collectorVersion, hasSignIns, skus, users };
  if (collectedAt.getTime() > platform.now().getTime() + clockSlackMs) {
    const fault = {
      code: "collected-in-future",
      facts: { collectedAt: minute(collectedAt) },
    } as const;
    return { state: "refused", fault, ...facts };
  }
  return { state: "waiting", ...facts };
}

/** Compares it with what is published, and starts its import when nothing goes before it. */
async function start(
  platform: WorkerPlatform,
  tx: Tx,
  key: PackageKey,
  row: PackageRow,
): Promise<"waiting" | "importing" | "refused" | "unchanged"> {
  const { workspaceId } = key;
  const { connectionId, collectedAt, sha256 } = row;
  const ofConnection = { workspaceId, connectionId };
  const connection = await lockConnection(tx, ofConnection);
  const settle = async (state: "refused" | "unchanged", fault: PackageFault | null) => {
    await settleWaiting(tx, key, { state, fault });
    if (fault !== null) await tellRefused(tx, ofConnection, row, fault);
    return state;
  };
  if (connection === undefined || connection.status === "disconnected") {
    return settle("refused", { code: "connection-gone" });
  }
  if (!mayImport(connection.status)) return "waiting";
  if (
    (await hasActiveRun(tx, ofConnection)) ||
    (await hasEarlierWaiting(tx, { ...key, ...ofConnection }))
  ) {
    return "waiting";
  }
  const published = await findPublishedAsOf(tx, ofConnection);
  if (published !== null && collectedAt !== null && collectedAt < published) {
    const facts = { collectedAt: minute(collectedAt), publishedAt: minute(published) };
    return settle("refused", { code: "older-than-published", facts });
  }
  if (sha256 !== null && (await findSameImported(tx, { ...key, ...ofConnection, sha256 }))) {
    return settle("unchanged", null);
  }
  const ctx: Ctx = { platform, workspaceId, actor: receiver };
  const importId = await createImport(tx, ctx, {
    connectionId,
    trigger: published === null ? "first" : row.tokenId === null ? "manual" : "api",
    package: { packageId: key.packageId, uploadedBy: row.uploadedBy },
  });
  await recordImporting(tx, key, importId);
  return "importing";
}

const mayImport = (status: ConnectionStatus): boolean => importableStatuses.includes(status);

/** To the minute, as texts show it. */
const minute = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Removes its bytes when nobody needs them any more; true when all are gone now. */
async function empty(
  platform: WorkerPlatform,
  key: PackageKey,
  signal: AbortSignal,
): Promise<boolean> {
  const { workspaceId } = key;
  if (!(await platform.db.inWorkspace(workspaceId, (tx) => isSpent(tx, key)))) return false;
  while (!signal.aborted) {
    if (await platform.db.inWorkspace(workspaceId, (tx) => removeChunks(tx, key))) return true;
  }
  return false;
}
