import type { TakenOverMappings } from "#lib/domain/sku-mapping";
import { Callout } from "../ui/callout.tsx";
import { Day, Instant } from "../ui/clock.tsx";
import { countOf } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";

/** What a connection goes by that people decided for the former one of its application: how much, from which, by whom. */
export function TakenOver({
  count,
  from,
  by,
  firstAt,
  lastAt,
  mappingHref,
}: TakenOverMappings & {
  /** Where each can be seen and changed; null on that page itself. */
  readonly mappingHref: string | null;
}) {
  const one = count === 1;
  const [first, last] = [firstAt.slice(0, 10), lastAt.slice(0, 10)];
  return (
    <Callout
      tone="info"
      title={`${countOf(count, "product")} mapped by hand ${one ? "was" : "were"} taken over from the former connection`}
    >
      The application was read by{" "}
      <TextLink href={`/connections/${from.connectionId}`} inherit underline="always">
        <bdi>{from.name}</bdi>
      </TextLink>
      {from.disconnectedAt !== null && (
        <>
          {" "}
          until it was disconnected <Instant at={from.disconnectedAt} tabbable />
        </>
      )}
      . Mapped by <bdi>{by.join(", ")}</bdi>{" "}
      {first === last ? (
        <>
          on <Day day={last} />
        </>
      ) : (
        <>
          from <Day day={first} /> to <Day day={last} />
        </>
      )}
      .{" "}
      {mappingHref === null ? (
        `${one ? "It counts" : "They count"} until you change or forget ${one ? "it" : "them"}.`
      ) : (
        <>
          {one ? "It counts" : "They count"}; see and change {one ? "it" : "them"} under{" "}
          <TextLink href={mappingHref} inherit underline="always">
            Licenses and products
          </TextLink>
          .
        </>
      )}
    </Callout>
  );
}
