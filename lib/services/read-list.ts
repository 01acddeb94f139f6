import type { Tx } from "#db/client";
import { findConnection } from "#db/queries/connections";
import type { After } from "#db/queries/keyset";
import {
  currentReconciliations,
  reconciliationsReadable,
  reconciliationsReplaced,
} from "#db/queries/reconciliation-reads";
import type { Page } from "#lib/domain/read-models";
import type { Ctx } from "./context.ts";
import { type CursorScope, openCursor, sealCursor } from "./cursor.ts";
import { UseCaseError } from "./errors.ts";
import { notFound } from "./input.ts";

/** Runs a use case's work in one transaction that sees its own workspace only. */
export const inWorkspace = <T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> =>
  ctx.platform.db.inWorkspace(ctx.workspaceId, work);

/** The same for what is only read: every statement sees the workspace at one moment. */
export const inSnapshot = <T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> =>
  ctx.platform.db.inSnapshot(ctx.workspaceId, work);

/** What a page reads: the numbers the list began with, and where it goes on. */
export interface ListStart {
  readonly reconciliations: readonly number[];
  readonly after: After | null;
}

/**
 * The current reconciliations for a first page; those of the cursor for a later one, so that a list never mixes old
 * and new numbers. Source: DESIGN §4.6, fault-catalogue E8.
 * @throws UseCaseError `newer-data` when the cursor's numbers are stored no more, `invalid` for a cursor not ours,
 * `not-found` for a connection that is not this workspace's.
 */
export async function startList(
  tx: Tx,
  ctx: Ctx,
  list: {
    readonly scope: CursorScope;
    readonly cursor: string | undefined;
    readonly connectionId?: string | undefined;
    readonly tenantId?: string | undefined;
  },
): Promise<ListStart> {
  const { workspaceId } = ctx;
  if (list.connectionId !== undefined) {
    const found = await findConnection(tx, { workspaceId, connectionId: list.connectionId });
    if (found === undefined) throw notFound("connection");
  }
  if (list.cursor === undefined) {
    const { connectionId, tenantId } = list;
    return {
      reconciliations: await currentReconciliations(tx, { workspaceId, connectionId, tenantId }),
      after: null,
    };
  }
  const position = openCursor(ctx, list.scope, list.cursor);
  await requireReadable(tx, ctx, position.reconciliations);
  return { reconciliations: position.reconciliations, after: position.after };
}

/** @throws UseCaseError `newer-data` when a reconciliation or its snapshot is stored no more. */
export async function requireReadable(
  tx: Tx,
  ctx: Ctx,
  reconciliations: readonly number[],
): Promise<void> {
  const readable = await reconciliationsReadable(tx, {
    workspaceId: ctx.workspaceId,
    ids: reconciliations,
  });
  if (readable) return;
  throw new UseCaseError(
    "newer-data",
    "The numbers this list began with were replaced and are no longer kept. Start again from the first page to see the newer ones.",
  );
}

/**
 * To be asked after a page's rows were read. A clean-up may have ended while they were: rows that were half there are no
 * page. Returns whether newer numbers are published than those the page shows; never on a first page, which has the newest.
 * Source: fault-catalogue A22, E8.
 * @throws UseCaseError `newer-data`.
 */
export async function lookAgain(
  tx: Tx,
  ctx: Ctx,
  page: { readonly reconciliations: readonly number[]; readonly after: After | null },
): Promise<boolean> {
  if (page.after === null) return false;
  await requireReadable(tx, ctx, page.reconciliations);
  return reconciliationsReplaced(tx, {
    workspaceId: ctx.workspaceId,
    ids: page.reconciliations,
  });
}

/** A page of at most `limit` items from up to `limit + 1` rows. */
export function toPage<Row extends { readonly after: After }, Item>(
  ctx: Ctx,
  page: {
    readonly scope: CursorScope;
    readonly reconciliations: readonly number[];
    readonly rows: readonly Row[];
    readonly limit: number;
    readonly toItem: (row: Row) => Item;
  },
): Page<Item> {
  const shown = page.rows.slice(0, page.limit);
  const last = shown.at(-1);
  const more = page.rows.length > page.limit && last !== undefined;
  return {
    items: shown.map(page.toItem),
    nextCursor: more
      ? sealCursor(ctx, page.scope, {
          reconciliations: page.reconciliations,
          sort: page.scope.sort,
          after: last.after,
        })
      : null,
  };
}
