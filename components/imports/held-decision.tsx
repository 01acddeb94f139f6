import { datasetLabels } from "#lib/domain/connection-labels";
import type { Dataset } from "#lib/domain/import";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import type { DecideHeld } from "./held-callout.tsx";

/** Publish or discard, of one held dataset or of all that an import holds; both say what follows. */
export function HeldDecision(props: {
  readonly importId: string;
  /** All that is held when not given. */
  readonly dataset?: Dataset;
  readonly decide: { readonly publish: DecideHeld; readonly discard: DecideHeld };
}) {
  const { importId, dataset, decide } = props;
  const input = { importId, ...(dataset === undefined ? {} : { dataset }) };
  const what =
    dataset === undefined
      ? "everything this import holds"
      : `the held ${datasetLabels[dataset].toLowerCase()} data`;
  const all = dataset === undefined ? " all" : "";
  return (
    <>
      <ConfirmButton
        command={decide.publish}
        input={input}
        title={`Publish ${what}?`}
        consequences="Every page shows the new numbers from then on. The decision is recorded with your name."
        confirmLabel={`Publish${all}`}
        done="Published."
        size="sm"
      >
        Publish{all}
      </ConfirmButton>
      <ConfirmButton
        command={decide.discard}
        input={input}
        title={`Discard ${what}?`}
        consequences="The old numbers stay. What was read is removed; the next import reads it again. The decision is recorded with your name."
        confirmLabel={`Discard${all}`}
        done="Discarded. The old numbers stay."
        size="sm"
        variant="default"
      >
        Discard{all}
      </ConfirmButton>
    </>
  );
}
