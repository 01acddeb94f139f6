"use client";
import type { AwaitedVerification, ImportItem } from "#lib/domain/import-item";
import { Callout } from "../ui/callout.tsx";
import { useMounted } from "../ui/clock.tsx";
import { formatLocalClock, formatUtc } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";

/** Says that an import reads nothing yet, because its connection is still being verified, and when that goes on. */
export function VerificationWait({ item }: { readonly item: ImportItem }) {
  const [awaited] = item.datasets.flatMap(({ awaitsVerification }) => awaitsVerification ?? []);
  if (awaited === undefined) return null;
  return (
    <Callout
      tone="wait"
      live
      title="Reading begins once the connection is verified"
      actions={
        <TextLink href={`/connections/${item.connectionId}`} size="sm" underline="always">
          See the verification
        </TextLink>
      }
    >
      <Meanwhile awaited={awaited} /> The import goes on by itself; nothing else waits for it.
    </Callout>
  );
}

function Meanwhile({ awaited }: { readonly awaited: AwaitedVerification }) {
  const mounted = useMounted();
  const { state, nextAttemptAt } = awaited;
  switch (state) {
    case "queued":
    case "running":
      return "Permissions and endpoints are being checked.";
    case "waiting":
      return nextAttemptAt === null ? (
        "A consent takes a few minutes to reach every server of Microsoft."
      ) : (
        <>
          A consent takes a few minutes to reach every server of Microsoft. Next attempt at{" "}
          <time dateTime={nextAttemptAt}>
            {mounted ? formatLocalClock(nextAttemptAt) : formatUtc(nextAttemptAt)}
          </time>
          .
        </>
      );
    default:
      return state satisfies never;
  }
}
