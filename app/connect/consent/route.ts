import { receiveConsent } from "#lib/services/receive-consent";
import { returnRoute } from "../return-route.ts";

/** Back from the consent leg: on to the proof leg, or a page that says why not. */
export const GET = returnRoute(receiveConsent);
