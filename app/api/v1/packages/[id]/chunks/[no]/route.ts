import { putChunkByToken } from "#lib/server/chunk-route";

export const PUT = putChunkByToken;
