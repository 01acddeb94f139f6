import { Callout } from "./ui/callout.tsx";
import { LinkButton } from "./ui/link.tsx";

/**
 * Says that newer figures are published than those a list began with. `gone`: those are kept no more, the list cannot be
 * continued; else it goes on as it began. Filters and order stay in either case. Source: fault-catalogue A22, E8.
 */
export function NewerData(props: {
  readonly gone?: boolean;
  /** The list's first page, with its filters and order. */
  readonly againHref: string;
}) {
  return (
    <Callout
      tone="info"
      live
      title="Newer data is available"
      actions={
        <LinkButton href={props.againHref} size="xs" variant="default" prefetch={false}>
          Show the newer data
        </LinkButton>
      }
    >
      {props.gone
        ? "The numbers this list began with were replaced and are no longer kept, so it cannot be continued from here. Your filters and order stay."
        : "The rows below follow the numbers this list began with, so that none is missed or shown twice. Your filters and order stay when you change over."}
    </Callout>
  );
}
