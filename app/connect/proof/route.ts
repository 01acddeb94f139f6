import { receiveProof } from "#lib/services/receive-proof";
import { returnRoute } from "../return-route.ts";

/** Back from the proof leg: to the wizard, where the worker's verdict is awaited, or a page that says why not. */
export const GET = returnRoute(receiveProof);
