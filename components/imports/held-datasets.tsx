import type { ReactNode } from "react";
import { holdReasonText } from "#lib/domain/hold";
import type { DatasetItem, HoldItem, ImportItem } from "#lib/domain/import-item";
import { Callout } from "../ui/callout.tsx";
import { TextLink } from "../ui/link.tsx";
import { type DecideHeld, HeldCallout } from "./held-callout.tsx";
import { HeldDecision } from "./held-decision.tsx";

interface Held {
  readonly dataset: DatasetItem;
  readonly hold: HoldItem;
}

/** Every dataset of an import that waits for a decision, and one decision for all where several do. */
export function HeldDatasets(props: {
  readonly item: ImportItem;
  readonly decide: { readonly publish: DecideHeld; readonly discard: DecideHeld } | null;
  /** What publishing the directory would change; without it there is a way to where it is shown. */
  readonly comparison?: ReactNode;
}) {
  const { item, decide } = props;
  const held = item.datasets.flatMap((dataset) =>
    dataset.state === "suspect" && dataset.hold !== null ? [{ dataset, hold: dataset.hold }] : [],
  );
  return (
    <>
      {held.length > 1 && (
        <Callout
          tone="warn"
          title={`${held.length} datasets of this import are held. You can decide them together.`}
          {...(decide === null
            ? {}
            : { actions: <HeldDecision importId={item.id} decide={decide} /> })}
        >
          {commonCause(held)}
        </Callout>
      )}
      {held.map(({ dataset, hold }) => (
        <HeldCallout
          key={dataset.name}
          importId={item.id}
          dataset={dataset}
          hold={hold}
          decide={decide}
        >
          {dataset.name !== "directory"
            ? null
            : (props.comparison ?? (
                <TextLink href={`/imports/${item.id}`} size="sm" underline="always" c="inherit">
                  See what would change, by license and department
                </TextLink>
              ))}
        </HeldCallout>
      ))}
    </>
  );
}

/** The reason that all of them share, where they do. */
const commonCause = (held: readonly Held[]): string => {
  const [first] = held;
  const shared = first?.hold.reasons.find((reason) =>
    held.every(({ hold }) => hold.reasons.includes(reason)),
  );
  return shared === undefined
    ? "Each for its own reason, below."
    : `All for the same reason: ${holdReasonText(shared)}`;
};
