import type { Metadata } from "next";
import { headers } from "next/headers";
import { HandOffOver } from "#components/hand-off/hand-off-over";
import { HandOffRequest } from "#components/hand-off/hand-off-request";
import { ClockProvider } from "#components/ui/clock";
import { clientAddress } from "#lib/server/client-address";
import { webPlatform } from "#lib/server/platform";
import { findHandOff } from "#lib/services/find-hand-off";
import { beginHandOffAction } from "./actions.ts";

export const metadata: Metadata = { title: "Approve access to a tenant" };

/**
 * What a hand-off link asks for, for an administrator without a session. Opening it changes nothing, and nothing leaves
 * for Microsoft before this page has said who asks and for what (DESIGN §7 Hand-off).
 */
export default async function HandOffPage(props: {
  readonly params: Promise<{ readonly token: string }>;
}) {
  const { token } = await props.params;
  const platform = await webPlatform();
  const address = clientAddress(await headers());
  const view = await findHandOff(platform, { token, address });
  return view.kind === "open" ? (
    <ClockProvider now={platform.now().getTime()}>
      <HandOffRequest {...view} token={token} begin={beginHandOffAction} />
    </ClockProvider>
  ) : (
    <HandOffOver view={view} />
  );
}
