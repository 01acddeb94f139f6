import { api } from "#lib/server/api";
import { verificationEndpoints } from "#lib/server/verification-endpoints";

export const GET = api(verificationEndpoints.listVerifications);
export const POST = api(verificationEndpoints.startVerification);
