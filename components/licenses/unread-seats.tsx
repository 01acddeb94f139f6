import type { LicenseDetail } from "#lib/domain/license-item";
import { Callout } from "../ui/callout.tsx";
import { Instant } from "../ui/clock.tsx";
import { countOf } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";

/** Seats that are counted as they were last read, and seats nobody can tell of; nothing where all was read. */
export function UnreadSeatsNotice({ license }: { readonly license: LicenseDetail }) {
  const { available, entitled, consumed } = license;
  const { carried, carriedAsOf, unknownAccounts } = license.unread;
  const hidden =
    unknownAccounts > 0 && available === null && entitled !== null && consumed !== null;
  if (carried === 0 && !hidden) return null;
  const accounts = license.importId !== null && (
    <>
      {" "}
      <TextLink href={`/imports/${license.importId}`} inherit underline="always">
        Which accounts
      </TextLink>
    </>
  );
  return (
    <Callout
      tone="warn"
      title={
        hidden
          ? "How many seats are available is unknown"
          : `${countOf(carried, "seat")} ${carried === 1 ? "is" : "are"} counted as last read`
      }
    >
      {carried > 0 && (
        <p>
          {countOf(carried, "account")} that {carried === 1 ? "holds" : "hold"} it came without
          licenses and {carried === 1 ? "keeps" : "keep"} what was last read
          {carriedAsOf !== null && (
            <>
              {" "}
              (<Instant at={carriedAsOf} />)
            </>
          )}
          : no seat is gained or lost by it, and none of them is an opportunity.
          {!hidden && accounts}
        </p>
      )}
      {hidden && (
        <p>
          {countOf(unknownAccounts, "account")} came without licenses and{" "}
          {unknownAccounts === 1 ? "was" : "were"} never read before; Microsoft counts more seats of
          this license than we do, so it may be{" "}
          {unknownAccounts === 1 ? "held by it" : "held by them"}. What is consumed is at least what
          is shown.{accounts}
        </p>
      )}
    </Callout>
  );
}
