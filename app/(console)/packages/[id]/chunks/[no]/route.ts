import { putChunkBySession } from "#lib/server/chunk-route";

/** One chunk of an upload from the page. */
export const PUT = putChunkBySession;
