import type { Metadata } from "next";
import { cookies } from "next/headers";
import {
  createLoader,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  type SearchParams,
} from "nuqs/server";
import { type ConnectOrigin, ConnectOutcome } from "#components/wizard/connect-outcome";
import { handOffCookieName, isSecret } from "#lib/services/consent-secrets";

export const metadata: Metadata = { title: "Nothing was connected" };

const loadOutcome = createLoader({
  reason: parseAsString,
  connection: parseAsString,
  made: parseAsString,
  by: parseAsStringLiteral(["link"]),
  number: parseAsInteger,
  correlation: parseAsString,
});

const guidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Why a way to Microsoft connected nothing. Public: it shows fixed texts only, and the wizard checks who comes. */
export default async function ConnectRefusedPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const params = await loadOutcome(props.searchParams);
  const token = (await cookies()).get(handOffCookieName)?.value ?? "";
  return (
    <ConnectOutcome
      reason={params.reason}
      origin={originOf(params, isSecret(token) ? `/connect/${token}` : null)}
      errorNumber={params.number}
      correlationId={guidShape.test(params.correlation ?? "") ? params.correlation : null}
    />
  );
}

function originOf(
  { connection, made, by }: Awaited<ReturnType<typeof loadOutcome>>,
  linkHref: string | null,
): ConnectOrigin {
  if (by === "link") return { kind: "link", href: linkHref };
  if (made !== null && guidShape.test(made)) return { kind: "made", connectionId: made };
  if (connection !== null && guidShape.test(connection)) {
    return { kind: "draft", connectionId: connection };
  }
  return { kind: "unknown", linkHref };
}
