import { ready } from "#lib/server/ready";

export const GET = ready;
