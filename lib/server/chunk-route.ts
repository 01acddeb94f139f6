import { packageChunkBytes } from "#lib/domain/package";
import { authenticateUpload } from "#lib/services/authenticate-upload";
import { UseCaseError } from "#lib/services/errors";
import { putPackageChunk } from "#lib/services/put-package-chunk";
import type { Uploader } from "#lib/services/uploader";
import { webPlatform } from "./platform.ts";
import { apiHeaders, problemResponse } from "./problem.ts";
import { readBearer, readBytes } from "./read-request.ts";
import { findContext } from "./session.ts";

type RouteContext = { readonly params: Promise<{ readonly id: string; readonly no: string }> };

/** One chunk of an upload as the request's body: identity, bytes, verb. Memory: one chunk. */
const chunkRoute =
  (identify: (request: Request) => Promise<Uploader>) =>
  async (request: Request, { params }: RouteContext): Promise<Response> => {
    try {
      const by = await identify(request);
      const { id: packageId, no } = await params;
      const bytes = await readBytes(request, "application/octet-stream", packageChunkBytes);
      await putPackageChunk(by, { packageId, no, bytes });
      return new Response(null, { status: 204, headers: apiHeaders });
    } catch (error) {
      const { pathname } = new URL(request.url);
      return problemResponse(error, { method: request.method, path: pathname });
    }
  };

/** For API tokens and upload tokens. */
export const putChunkByToken = chunkRoute(async (request) =>
  authenticateUpload(await webPlatform(), readBearer(request)),
);

/** For the signed-in member; writes from other sites are refused before (proxy.ts). */
export const putChunkBySession = chunkRoute(async () => {
  const session = await findContext();
  if (session === null) throw new UseCaseError("unauthenticated", "Sign in again.");
  return session.ctx;
});
