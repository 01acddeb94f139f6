import { Stack } from "@mantine/core";
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
      <Stack gap={4}>
        {carried > 0 && (
          <span>
            The licenses of {countOf(carried, "account")} that {carried === 1 ? "holds" : "hold"} it
            could not be read. {carried === 1 ? "It keeps" : "They keep"} what was last read
            {carriedAsOf !== null && (
              <>
                {" "}
                (<Instant at={carriedAsOf} />)
              </>
            )}
            : no seat is gained or lost by it, and none of them is an opportunity.
            {!hidden && accounts}
          </span>
        )}
        {hidden && (
          <span>
            The licenses of {countOf(unknownAccounts, "account")} could not be read, and nothing
            read before is known to be theirs. Microsoft counts more seats of this license than we
            do, so {unknownAccounts === 1 ? "it may hold one" : "they may hold some"}: what is
            consumed is at least what is shown.{accounts}
          </span>
        )}
      </Stack>
    </Callout>
  );
}
