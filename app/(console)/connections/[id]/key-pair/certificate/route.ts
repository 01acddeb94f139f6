import { fileRoute } from "#lib/server/live-route";
import { getKeyPairCertificate } from "#lib/services/get-key-pair";

/** The public certificate as a file to register at Microsoft. */
export const GET = fileRoute("application/pkix-cert", (ctx, connectionId) =>
  getKeyPairCertificate(ctx, { connectionId }),
);
