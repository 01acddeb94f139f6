import { InForce, Obstacle, ParallelRun } from "#components/switching/switch-state";
import type { SwitchView } from "#lib/services/get-switch-preview";
import { endParallelRunAction, undoSwitchAction } from "./switching-actions.ts";

/** What is in force, asked for ahead, or in the way; each with what can be done about it. */
export function SwitchStates(props: {
  readonly view: SwitchView;
  /** The tenant's name; null = the whole workspace. */
  readonly where: string | null;
  readonly may: boolean;
  /** Where the source is connected. */
  readonly connectHref: string | null;
}) {
  const { preview, inForce, parallelRun } = props.view;
  const { by } = preview;
  if (inForce !== null) {
    return (
      <InForce
        by={by}
        where={props.where}
        inForce={inForce}
        connected={preview.tenants.some(({ successor }) => successor !== null)}
        undo={props.may ? undoSwitchAction : null}
      />
    );
  }
  return (
    <>
      {parallelRun !== null && (
        <ParallelRun by={by} run={parallelRun} end={props.may ? endParallelRunAction : null} />
      )}
      {parallelRun?.obstacle == null && (
        <Obstacle preview={preview} connectHref={props.may ? props.connectHref : null} />
      )}
    </>
  );
}
