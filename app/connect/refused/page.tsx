import type { Metadata } from "next";
import { createLoader, parseAsString, type SearchParams } from "nuqs/server";
import { ConnectOutcome } from "#components/wizard/connect-outcome";

export const metadata: Metadata = { title: "Nothing was connected" };

const loadOutcome = createLoader({ reason: parseAsString, connection: parseAsString });

const guidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Why a way to Microsoft connected nothing. Public: it shows fixed texts only, and the wizard checks who comes. */
export default async function ConnectRefusedPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { reason, connection } = await loadOutcome(props.searchParams);
  const connectionId = connection !== null && guidShape.test(connection) ? connection : null;
  return <ConnectOutcome reason={reason} connectionId={connectionId} />;
}
