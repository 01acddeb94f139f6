import type { Tx } from "#db/client";
import { recordAudit } from "#db/queries/audit";
import { requireRight } from "./actor.ts";
import type { Change } from "./audit.ts";
import type { Ctx, Platform } from "./context.ts";
import { notFound } from "./input.ts";

/** An upload token at work: it may bring packages to one connection. No other use case takes it. */
export interface UploadCtx {
  readonly platform: Platform;
  readonly workspaceId: string;
  /** The one connection. */
  readonly uploadsTo: string;
  readonly actor: { readonly kind: "token"; readonly id: string; readonly name: string };
}

/** Who uploads: somebody whose role may import, or an upload token. */
export type Uploader = Ctx | UploadCtx;

/** @throws UseCaseError `forbidden` for a role that may not import. */
export function requireUpload(by: Uploader): void {
  if (!("uploadsTo" in by)) requireRight(by, "import");
}

/** @throws UseCaseError `not-found` when the token is another connection's. */
export function requireOwnConnection(by: Uploader, connectionId: string, what: string): void {
  if ("uploadsTo" in by && by.uploadsTo !== connectionId) throw notFound(what);
}

/** The upload token at work; null for members and API tokens. */
export const uploadTokenOf = (by: Uploader): string | null =>
  "uploadsTo" in by ? by.actor.id : null;

/** Tells of a change in the transaction that makes it. */
export const auditUpload = (tx: Tx, by: Uploader, change: Change): Promise<void> =>
  recordAudit(tx, {
    workspaceId: by.workspaceId,
    actor: { kind: by.actor.kind, id: by.actor.id, name: by.actor.name },
    action: change.action,
    target: change.target,
    ...(change.details === undefined ? {} : { details: change.details }),
  });
