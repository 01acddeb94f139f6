import { checkReady, unreachable } from "#lib/services/check-ready";
import { webPlatform } from "./platform.ts";
import { apiHeaders } from "./problem.ts";

/** Whether this process can serve; 503 with the reason otherwise. Needs no token. DESIGN §6. */
export async function ready(): Promise<Response> {
  const platform = await webPlatform().catch(() => null);
  const found = platform === null ? unreachable : await checkReady(platform);
  return Response.json(found, { status: found.ready ? 200 : 503, headers: apiHeaders });
}
