import type { Ctx } from "#lib/services/context";
import { UseCaseError } from "#lib/services/errors";
import { apiHeaders, problemResponse } from "./problem.ts";
import { findContext } from "./session.ts";

type RouteContext = { readonly params: Promise<{ readonly id: string }> };

/** A GET that a signed-in page asks for again and again: identity, verb, JSON; refusals as the API's. Changes nothing. */
export const liveRoute =
  (verb: (ctx: Ctx, id: string) => Promise<unknown>) =>
  async (request: Request, { params }: RouteContext): Promise<Response> => {
    try {
      const session = await findContext();
      if (session === null) throw new UseCaseError("unauthenticated", "Sign in again.");
      return Response.json(await verb(session.ctx, (await params).id), { headers: apiHeaders });
    } catch (error) {
      const { pathname } = new URL(request.url);
      return problemResponse(error, { method: request.method, path: pathname });
    }
  };
