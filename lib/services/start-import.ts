import { z } from "zod";
import type { Tx } from "#db/client";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import {
  findActiveRun,
  findImportByKey,
  insertImport,
  insertRun,
  linkRun,
  rememberKey,
} from "#db/queries/import-changes";
import { recordJoin } from "#db/queries/import-joins";
import { setRunPackage } from "#db/queries/package-work";
import { giveTurn } from "#db/queries/run-turns";
import { queueOfRun } from "#db/queue";
import { type ConnectionStatus, importableStatuses } from "#lib/domain/connection";
import { datasets, type ImportTrigger, importTriggers } from "#lib/domain/import";
import { requireRight } from "./actor.ts";
import { auditChange } from "./audit.ts";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { requireRate } from "./rate-limit.ts";
import { inWorkspace } from "./read-list.ts";

export const startImportInput = z.strictObject({
  connectionId: guid,
  /**
   * The same key on the same connection is the same import, however often it is sent. Joining an import that has
   * another key already leaves no trace of this one.
   */
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, "Use 1 to 200 visible ASCII characters.")
    .optional(),
  trigger: z.enum(importTriggers),
});

type StartImport = z.output<typeof startImportInput>;

/**
 * Asks for an import: one transaction writes it, its dataset runs and their jobs. While the directory is being read the
 * import that reads it is the answer; slow runs that go on are adopted. Source: DESIGN §4.1, fault-catalogue A11, A12.
 * Right: import.
 * @throws UseCaseError `not-found`; `invalid` for a person's import called scheduled; `conflict` for a key used on another
 * connection and for a connection that cannot be read in its status; `rate-limited`.
 */
export async function startImport(
  ctx: Ctx,
  input: z.input<typeof startImportInput>,
): Promise<{ readonly id: string }> {
  requireRight(ctx, "import");
  const request = parseInput(startImportInput, input);
  if (request.trigger === "scheduled" && ctx.actor.kind !== "system") {
    throw new UseCaseError("invalid", "Only a schedule starts scheduled imports.");
  }
  return inWorkspace(ctx, async (tx) => {
    const { importId } = await startImportWithin(tx, ctx, request);
    return { id: importId };
  });
}

/** The import that was asked for; `joined` when it was under way, or was asked for before by the same key. */
export interface StartedImport {
  readonly importId: string;
  readonly joined: boolean;
}

/** `startImport` as part of the caller's transaction. The caller has checked the right. */
export async function startImportWithin(
  tx: Tx,
  ctx: Ctx,
  request: StartImport,
): Promise<StartedImport> {
  const { workspaceId } = ctx;
  const { connectionId } = request;
  const connection = await lockConnection(tx, { workspaceId, connectionId });
  if (connection === undefined) throw notFound("connection");
  const known = await importOfKey(tx, ctx, request);
  if (known !== undefined) return { importId: known, joined: true };
  requireImportable(connection);
  const active = await findActiveRun(tx, { workspaceId, connectionId, dataset: "directory" });
  if (active !== undefined) {
    const { importId } = active;
    const { idempotencyKey } = request;
    if (idempotencyKey !== undefined) {
      await rememberKey(tx, { workspaceId, importId, idempotencyKey });
    }
    await joinImport(tx, ctx, { importId, trigger: request.trigger });
    return { importId, joined: true };
  }
  if (ctx.actor.kind !== "system") await requireRate(tx, ctx, "import", connectionId);
  return { importId: await createImport(tx, ctx, request), joined: false };
}

/** Keeps that the actor was answered by an import which was under way, so that it is told there. */
export const joinImport = (
  tx: Tx,
  { workspaceId, actor }: Ctx,
  joined: { readonly importId: string; readonly trigger: ImportTrigger },
): Promise<void> => recordJoin(tx, { workspaceId, requestedBy: actor.name, ...joined });

async function importOfKey(
  tx: Tx,
  ctx: Ctx,
  { connectionId, idempotencyKey }: StartImport,
): Promise<string | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const found = await findImportByKey(tx, { workspaceId: ctx.workspaceId, idempotencyKey });
  if (found === undefined) return undefined;
  if (found.connectionId !== connectionId) throw keyConflict(found.id);
  return found.id;
}

const keyConflict = (existingId?: string) =>
  new UseCaseError(
    "conflict",
    "This idempotency key was used for an import of another connection.",
    existingId === undefined ? {} : { existingId },
  );

/** The uploaded package an import reads, and who brought it. */
export interface ReadPackage {
  readonly packageId: string;
  readonly uploadedBy: string;
}

/** The connection is locked: of parallel requests one comes here first, the others find its directory run. */
export async function createImport(
  tx: Tx,
  ctx: Ctx,
  request: StartImport & { readonly package?: ReadPackage; readonly requestedBy?: string },
): Promise<string> {
  const { workspaceId } = ctx;
  const { connectionId, trigger } = request;
  const importId = await insertImport(tx, {
    workspaceId,
    connectionId,
    trigger,
    idempotencyKey: request.idempotencyKey ?? null,
    requestedBy: request.requestedBy ?? request.package?.uploadedBy ?? ctx.actor.name,
  });
  if (importId === undefined) throw keyConflict();
  const adopted: string[] = [];
  for (const dataset of datasets) {
    const runId = await insertRun(tx, { workspaceId, connectionId, dataset });
    if (runId !== undefined) {
      if (request.package !== undefined) {
        const { packageId } = request.package;
        await setRunPackage(tx, { workspaceId, runId, packageId });
      }
      await linkRun(tx, { workspaceId, importId, runId, adopted: false });
      const turnAt = await giveTurn(tx, { workspaceId, runId, dataset, trigger });
      const job = { workspaceId, id: runId };
      await ctx.platform.queue.send(tx, queueOfRun(dataset), job, runId, { turnAt });
      continue;
    }
    const active = await findActiveRun(tx, { workspaceId, connectionId, dataset });
    if (active === undefined) continue;
    await linkRun(tx, { workspaceId, importId, runId: active.runId, adopted: true });
    adopted.push(dataset);
  }
  await auditChange(tx, ctx, {
    action: "import.started",
    target: { kind: "import", id: importId },
    details: {
      connectionId,
      trigger,
      adopted,
      ...(request.requestedBy === undefined ? {} : { requestedBy: request.requestedBy }),
    },
  });
  return importId;
}

function requireImportable({ status, source }: LockedConnection): void {
  if (source === "office-365-deprecated") {
    throw new UseCaseError(
      "conflict",
      "This connection imports what is uploaded: upload a package.",
    );
  }
  if (importableStatuses.includes(status)) return;
  throw new UseCaseError("conflict", notImportable(status));
}

function notImportable(status: ConnectionStatus): string {
  switch (status) {
    case "draft":
      return "The connection is not finished: complete the steps of connecting first.";
    case "awaiting-consent":
      return "The connection is waiting for an administrator's consent.";
    case "paused":
      return "The connection is paused.";
    case "disconnected":
      return "The connection was disconnected.";
    case "verifying":
    case "ready":
    case "action-needed":
      return "The connection cannot be imported now.";
    default:
      return status satisfies never;
  }
}
