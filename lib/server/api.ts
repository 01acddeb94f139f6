import { authenticateToken } from "#lib/services/authenticate-token";
import { authenticateUpload } from "#lib/services/authenticate-upload";
import { UseCaseError } from "#lib/services/errors";
import type { Endpoint } from "./endpoint.ts";
import { webPlatform } from "./platform.ts";
import { apiHeaders, problemResponse } from "./problem.ts";
import { readBearer, readJsonObject, readQuery } from "./read-request.ts";
import type { UploadEndpoint } from "./upload-endpoint.ts";

/** Next gives no parameters at all where the path has none. */
type RouteContext = { readonly params?: Promise<Readonly<Record<string, string>> | undefined> };
type Handler = (request: Request, context: RouteContext) => Promise<Response>;

type Input = Readonly<Record<string, unknown>>;

/** A route handler: token, then input, then the use case, then JSON. Every refusal is problem+json. STYLE 10. */
export const api = (endpoint: Endpoint): Handler =>
  handler(endpoint, async (bearer) => {
    const ctx = await authenticateToken(await webPlatform(), bearer);
    return (input) => endpoint.run(ctx, input);
  });

/** The same for what upload tokens may do as well. */
export const uploadApi = (endpoint: UploadEndpoint): Handler =>
  handler(endpoint, async (bearer) => {
    const by = await authenticateUpload(await webPlatform(), bearer);
    return (input) => endpoint.runAs(by, input);
  });

const handler =
  (
    endpoint: Endpoint,
    identify: (bearer: string) => Promise<(input: Input) => Promise<unknown>>,
  ): Handler =>
  async (request, context) => {
    const url = new URL(request.url);
    try {
      const run = await identify(readBearer(request));
      const id = (await context.params)?.id;
      const input = await readInput(endpoint, request, url, id);
      return answer(endpoint, await run(input).catch(idIsUnknown(endpoint)));
    } catch (error) {
      return problemResponse(error, { method: request.method, path: url.pathname });
    }
  };

async function readInput(
  endpoint: Endpoint,
  request: Request,
  url: URL,
  id: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const read = endpoint.method === "GET" || endpoint.method === "DELETE";
  const given = read ? readQuery(url) : await readJsonObject(request);
  const edge = edgeFields(endpoint, request, id);
  const reserved = [endpoint.idField, endpoint.idempotencyField, ...Object.keys(endpoint.fixed)];
  for (const name of Object.keys(given)) {
    if (!reserved.includes(name)) continue;
    throw new UseCaseError("invalid", "Some of the input cannot be used.", {
      fields: { [name]: "This is not given here." },
    });
  }
  return { ...given, ...edge };
}

/** The fields that path and headers fill. */
function edgeFields(
  { idField, idempotencyField, fixed }: Endpoint,
  request: Request,
  id: string | undefined,
): Readonly<Record<string, unknown>> {
  const key = request.headers.get("idempotency-key");
  return {
    ...fixed,
    ...(idField === null ? {} : { [idField]: id }),
    ...(idempotencyField === null || key === null ? {} : { [idempotencyField]: key }),
  };
}

/** An id in the path that is none is an unknown one. */
const idIsUnknown =
  ({ idField }: Endpoint) =>
  (error: unknown): never => {
    if (idField !== null && error instanceof UseCaseError && error.code === "invalid") {
      if (Object.hasOwn(error.fields, idField)) {
        throw new UseCaseError("not-found", "There is no such id.", { cause: error });
      }
    }
    throw error;
  };

/** Windows PowerShell reads JSON as Latin-1 where no charset is named. */
const jsonHeaders = { ...apiHeaders, "content-type": "application/json; charset=utf-8" };

const answer = ({ status }: Endpoint, body: unknown): Response =>
  status === 204
    ? new Response(null, { status, headers: apiHeaders })
    : Response.json(body, { status, headers: jsonHeaders });

/** Paths the API does not have, in the API's own form. */
export const unknownPath = (request: Request): Response =>
  problemResponse(new UseCaseError("not-found", "The API has no such path."), {
    method: request.method,
    path: new URL(request.url).pathname,
  });
