import { randomUUID } from "node:crypto";
import type { Ctx } from "#lib/services/context";
import { UseCaseError, type UseCaseErrorCode } from "#lib/services/errors";
import { log } from "./log.ts";
import { findContext } from "./session.ts";

const statusOf: Readonly<Record<UseCaseErrorCode, number>> = {
  "not-found": 404,
  forbidden: 403,
  unauthenticated: 401,
  invalid: 400,
  conflict: 409,
  "rate-limited": 429,
  unavailable: 503,
};

type RouteContext = { readonly params: Promise<{ readonly id: string }> };

/** A GET that a signed-in page asks for again and again: identity, verb, JSON. Changes nothing. */
export const liveRoute =
  (verb: (ctx: Ctx, id: string) => Promise<unknown>) =>
  async (_request: Request, { params }: RouteContext): Promise<Response> => {
    try {
      const session = await findContext();
      if (session === null) throw new UseCaseError("unauthenticated", "Sign in again.");
      return Response.json(await verb(session.ctx, (await params).id));
    } catch (error) {
      if (error instanceof UseCaseError) {
        return Response.json(
          { code: error.code, message: error.message },
          { status: statusOf[error.code] },
        );
      }
      const incident = randomUUID();
      log.error({ err: error, incident }, "live route");
      return Response.json({ code: "unexpected", incident }, { status: 500 });
    }
  };
