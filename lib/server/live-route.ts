import type { Ctx } from "#lib/services/context";
import { UseCaseError } from "#lib/services/errors";
import { apiHeaders, problemResponse } from "./problem.ts";
import { findContext } from "./session.ts";

type RouteContext = { readonly params: Promise<{ readonly id: string }> };
type Route = (request: Request, context: RouteContext) => Promise<Response>;

/** A GET that a signed-in page asks for again and again: identity, verb, JSON; refusals as the API's. Changes nothing. */
export const liveRoute = (verb: (ctx: Ctx, id: string) => Promise<unknown>): Route =>
  sessionRoute(async (ctx, id) => Response.json(await verb(ctx, id), { headers: apiHeaders }));

/** A GET of a signed-in page that downloads a small file; its name is the verb's own, never the reader's. */
export const fileRoute = (
  type: string,
  verb: (
    ctx: Ctx,
    id: string,
  ) => Promise<{ readonly fileName: string; readonly bytes: Uint8Array }>,
): Route =>
  sessionRoute(async (ctx, id) => {
    const { fileName, bytes } = await verb(ctx, id);
    return new Response(new Uint8Array(bytes), {
      headers: {
        ...apiHeaders,
        "content-type": type,
        "content-disposition": `attachment; filename="${fileName}"`,
      },
    });
  });

/** The same for what has no id. */
export const liveList =
  (verb: (ctx: Ctx) => Promise<unknown>) =>
  (request: Request): Promise<Response> =>
    answer(request, async (ctx) => Response.json(await verb(ctx), { headers: apiHeaders }));

const sessionRoute =
  (work: (ctx: Ctx, id: string) => Promise<Response>): Route =>
  (request, { params }) =>
    answer(request, async (ctx) => work(ctx, (await params).id));

const answer = async (
  request: Request,
  work: (ctx: Ctx) => Promise<Response>,
): Promise<Response> => {
  try {
    const session = await findContext();
    if (session === null) throw new UseCaseError("unauthenticated", "Sign in again.");
    return await work(session.ctx);
  } catch (error) {
    const { pathname } = new URL(request.url);
    return problemResponse(error, { method: request.method, path: pathname });
  }
};
