import { sourceLabels } from "#lib/domain/connection-labels";
import type { SupersedingSource } from "#lib/domain/precedence";
import type { SwitchPreview } from "#lib/domain/switch-preview";
import { obstacleText } from "#lib/domain/switching";
import { Callout } from "../ui/callout.tsx";
import { Instant } from "../ui/clock.tsx";
import { CommandButton } from "../ui/command-button.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { countOf, formatUtc } from "../ui/format.ts";
import { LinkButton } from "../ui/link.tsx";
import type { Command } from "../ui/use-command.ts";

/** A switch in force, and how it is taken back. */
export function InForce(props: {
  readonly by: SupersedingSource;
  /** The tenant's name; null = the whole workspace. */
  readonly where: string | null;
  readonly inForce: {
    readonly id: string;
    readonly keptTenantIds: readonly string[];
    readonly createdBy: string;
    readonly createdAt: string;
  };
  /** Whether the source still has a connection with numbers there. */
  readonly connected: boolean;
  /** Null for those who may not. */
  readonly undo: Command<{ readonly supersessionId: string }> | null;
}) {
  const higher = sourceLabels[props.by];
  const where = props.where ?? "this workspace";
  const { inForce } = props;
  const kept = inForce.keptTenantIds.length;
  return (
    <Callout
      tone={props.connected ? "ok" : "warn"}
      title={
        props.connected
          ? `${higher} counts for ${where}`
          : `Nothing counts for ${where}: ${higher} is not connected any more`
      }
      actions={
        props.undo !== null && (
          <ConfirmButton
            command={props.undo}
            input={{ supersessionId: inForce.id }}
            title="Undo the switch?"
            consequences={
              <ul style={{ margin: 0, paddingInlineStart: "1.1rem" }}>
                <li>The licenses of the other connectors count again, as before the switch.</li>
                <li>Those of {higher} are shown and not counted from then on.</li>
                <li>No import, price or purchase is lost; you can switch again at any time.</li>
              </ul>
            }
            confirmLabel="Undo the switch"
            done="Undone: everything is as before the switch."
            variant="default"
            size="sm"
          >
            Undo
          </ConfirmButton>
        )
      }
    >
      Switched by <bdi>{inForce.createdBy}</bdi> <Instant at={inForce.createdAt} tabbable />. The
      licenses of the connectors below it are retired and in no total
      {kept > 0 && `, but for ${countOf(kept, "tenant")} that ${kept === 1 ? "was" : "were"} kept`}.
      Their connections go on importing.
      {!props.connected && " Undo the switch to count them again, or connect it anew."}
    </Callout>
  );
}

/** A switch that was asked for ahead: until when, and what stood in its way. */
export function ParallelRun(props: {
  readonly by: SupersedingSource;
  readonly run: {
    readonly id: string;
    readonly days: number;
    readonly startedBy: string;
    readonly switchAt: string;
    readonly obstacle: string | null;
  };
  readonly end: Command<{ readonly parallelRunId: string }> | null;
}) {
  const { run } = props;
  const higher = sourceLabels[props.by];
  return (
    <Callout
      tone={run.obstacle === null ? "wait" : "warn"}
      title={
        run.obstacle === null
          ? `Both are shown; ${higher} counts from ${formatUtc(run.switchAt)} on`
          : "The parallel run is over and could not be switched"
      }
      actions={
        props.end !== null && (
          <CommandButton
            command={props.end}
            input={{ parallelRunId: run.id }}
            done="The parallel run is called off. Nothing changed."
            variant="default"
            size="sm"
          >
            Call it off
          </CommandButton>
        )
      }
    >
      {run.obstacle === null ? (
        <>
          Started by <bdi>{run.startedBy}</bdi> for {run.days} {run.days === 1 ? "day" : "days"}.
          Until then only the lower connector is in totals; the worker switches by itself.
        </>
      ) : (
        <>{run.obstacle} Until then the lower connector counts; it is tried again every minute.</>
      )}
    </Callout>
  );
}

/** What stands in the way of a switch, when nothing was decided yet. */
export function Obstacle(props: {
  readonly preview: SwitchPreview;
  /** Where the source is connected, for those who may. */
  readonly connectHref: string | null;
}) {
  const { obstacle, by } = props.preview;
  if (obstacle === null) return null;
  const waits = obstacle.kind === "not-imported";
  return (
    <Callout
      tone={waits ? "info" : "warn"}
      title={waits ? `${sourceLabels[by]} is not imported here yet` : "Something has to be decided"}
      actions={
        waits &&
        props.connectHref !== null && (
          <LinkButton href={props.connectHref} size="sm">
            Connect it
          </LinkButton>
        )
      }
    >
      {obstacleText(obstacle, by)}
    </Callout>
  );
}
