import { randomUUID } from "node:crypto";
import type { NextRequest } from "next/server";
import { log } from "#lib/server/log";
import { webPlatform } from "#lib/server/platform";
import { findContext } from "#lib/server/session";
import type { ConsentRefusal, ConsentReturn, ConsentReturnTo } from "#lib/services/consent-return";
import { consentCookieName } from "#lib/services/consent-secrets";
import type { Platform } from "#lib/services/context";
import type { ConsentReceived } from "#lib/services/receive-consent";
import type { ProofReceived } from "#lib/services/receive-proof";

type Received = ConsentReceived | ProofReceived;

/**
 * A return from Microsoft: whoever comes, the use case decides by state, cookie and session, and the answer is always
 * another address, so that a reload repeats nothing. Source: reference/fault-catalogue.md §2 step 3.
 */
export const returnRoute =
  (receive: (platform: Platform, returned: ConsentReturn) => Promise<Received>) =>
  async (request: NextRequest): Promise<Response> => {
    const platform = await webPlatform();
    const received = await receive(platform, {
      query: request.nextUrl.searchParams,
      cookie: request.cookies.get(consentCookieName)?.value ?? null,
      session: (await findContext())?.ctx ?? null,
    }).catch(tellLater);
    const location = new URL(addressAfter(received), platform.config.appUrl);
    return new Response(null, { status: 303, headers: { location: location.href } });
  };

const unavailable = { kind: "unavailable" } as const;

/** The code in the address must not reach the log: of the request nothing is written. */
const tellLater = (error: unknown): typeof unavailable => {
  log.error({ err: error, incident: randomUUID() }, "return from Microsoft");
  return unavailable;
};

/** Where somebody watches what becomes of their sign-in. */
const pageOf = (to: ConsentReturnTo): string => {
  switch (to.kind) {
    case "connection":
      return to.made
        ? `/connections/${to.connectionId}`
        : `/connections/new?connection=${to.connectionId}`;
    case "hand-off":
      return "/connect/done";
    case "nowhere":
      return "/connections";
    default:
      return to satisfies never;
  }
};

const refusedPage = ({ reason, to, errorNumber, correlationId }: ConsentRefusal): string => {
  const query = new URLSearchParams({ reason });
  if (to.kind === "connection") query.set(to.made ? "made" : "connection", to.connectionId);
  if (to.kind === "hand-off") query.set("by", "link");
  if (errorNumber !== null) query.set("number", String(errorNumber));
  if (correlationId !== null) query.set("correlation", correlationId);
  return `/connect/refused?${query}`;
};

const addressAfter = (received: Received | typeof unavailable): string => {
  switch (received.kind) {
    case "proof":
      return received.redirectUrl;
    case "verifying":
      return pageOf(received.to);
    case "unavailable":
      return "/connect/refused?reason=unavailable";
    case "refused":
      return refusedPage(received);
    default:
      return received satisfies never;
  }
};
