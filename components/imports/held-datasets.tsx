import type { ImportItem } from "#lib/domain/read-models";
import { type DecideHeld, HeldCallout } from "./held-callout.tsx";

/** Every dataset of an import that waits for a decision. */
export function HeldDatasets(props: {
  readonly item: ImportItem;
  readonly decide: { readonly publish: DecideHeld; readonly discard: DecideHeld } | null;
}) {
  return props.item.datasets.map((dataset) =>
    dataset.state === "suspect" && dataset.hold !== null ? (
      <HeldCallout
        key={dataset.name}
        importId={props.item.id}
        dataset={dataset}
        hold={dataset.hold}
        decide={props.decide}
      />
    ) : null,
  );
}
