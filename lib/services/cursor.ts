import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Ctx } from "./context.ts";
import { UseCaseError } from "./errors.ts";

/** Where a list stands: which numbers it reads, in which order, and after which row. */
export interface CursorPosition {
  /** The reconciliations the list began with; empty for lists that read no reconciliation. */
  readonly reconciliations: readonly number[];
  readonly sort: string;
  readonly after: { readonly key: string; readonly id: string };
}

const payloadSchema = z.strictObject({
  l: z.string(),
  w: z.string(),
  f: z.string(),
  r: z.array(z.int()),
  s: z.string(),
  k: z.string(),
  i: z.string(),
});

/** What a cursor may be used for; any difference refuses it. */
export interface CursorScope {
  readonly list: string;
  readonly sort: string;
  /** The filters that decide which rows are listed. */
  readonly filters: Readonly<Record<string, unknown>>;
}

const refused = () =>
  new UseCaseError("invalid", "This cursor does not belong to this list.", {
    fields: { cursor: "Start again from the first page." },
  });

/** Signs a position for exactly this workspace, list, order and filters. Source: DESIGN §4.6, fault-catalogue C16. */
export function sealCursor(ctx: Ctx, scope: CursorScope, position: CursorPosition): string {
  const payload: z.infer<typeof payloadSchema> = {
    l: scope.list,
    w: ctx.workspaceId,
    f: fingerprint(ctx, scope.filters),
    r: [...position.reconciliations],
    s: position.sort,
    k: position.after.key,
    i: position.after.id,
  };
  const body = Buffer.from(JSON.stringify(payload)).toString("base64url");
  return `${body}.${signature(ctx, body)}`;
}

/**
 * The position of a cursor this installation signed for the same workspace, list, order and filters.
 * @throws UseCaseError `invalid` for an edited cursor or one of another list.
 */
export function openCursor(ctx: Ctx, scope: CursorScope, cursor: string): CursorPosition {
  const [body = "", mac = "", ...rest] = cursor.split(".");
  if (rest.length > 0 || !equal(mac, signature(ctx, body))) throw refused();
  const parsed = payloadSchema.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (!parsed.success) throw refused();
  const payload = parsed.data;
  if (
    payload.l !== scope.list ||
    payload.w !== ctx.workspaceId ||
    payload.s !== scope.sort ||
    payload.f !== fingerprint(ctx, scope.filters)
  ) {
    throw refused();
  }
  return {
    reconciliations: payload.r,
    sort: payload.s,
    after: { key: payload.k, id: payload.i },
  };
}

const keyed = (ctx: Ctx, label: string, text: string): Buffer =>
  createHmac("sha256", ctx.platform.config.cursorKey).update(`${label}\0${text}`).digest();

const signature = (ctx: Ctx, body: string): string =>
  keyed(ctx, "cursor", body).toString("base64url");

const fingerprint = (ctx: Ctx, filters: CursorScope["filters"]): string =>
  keyed(
    ctx,
    "filters",
    JSON.stringify(
      Object.entries(filters)
        .filter(([, value]) => value !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  )
    .subarray(0, 12)
    .toString("base64url");

const equal = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
