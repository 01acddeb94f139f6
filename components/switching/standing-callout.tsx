import type { Source } from "#lib/domain/connection";
import { sourceLabels } from "#lib/domain/connection-labels";
import type { Standing, SupersedingSource } from "#lib/domain/precedence";
import { Callout } from "../ui/callout.tsx";
import { LinkButton } from "../ui/link.tsx";

/** Whether a connection's licenses count, and the way to change it. */
export function StandingCallout(props: {
  readonly standing: Standing;
  readonly source: Source;
  readonly tenantName: string;
  /** The preview of letting that source count for this tenant. */
  readonly hrefTo: (by: SupersedingSource) => string;
}) {
  const { standing, source, tenantName } = props;
  const own = sourceLabels[source];
  switch (standing.kind) {
    case "counts":
      if (standing.to === null) return null;
      return (
        <Callout
          tone="info"
          title={`${tenantName} can be moved to ${sourceLabels[standing.to]}`}
          actions={
            <LinkButton href={props.hrefTo(standing.to)} size="sm" variant="default" wraps>
              Move to the {sourceLabels[standing.to]} connector
            </LinkButton>
          }
        >
          You see every license before and after first. Nothing is counted twice, and it can be
          undone.
        </Callout>
      );
    case "parallel-run":
      return (
        <Callout
          tone="info"
          title={`Shown, not counted: ${standing.counting === null ? "another connector" : sourceLabels[standing.counting]} still counts for ${tenantName}`}
          actions={
            <LinkButton href={props.hrefTo(standing.to)} size="sm">
              Compare and switch
            </LinkButton>
          }
        >
          These licenses are in no total until you switch to {own}.
        </Callout>
      );
    case "superseded":
      return (
        <Callout
          tone={standing.counting === null ? "warn" : "info"}
          title={
            standing.counting === null
              ? `Nothing counts for ${tenantName}: ${sourceLabels[standing.by]} has no numbers there`
              : `${sourceLabels[standing.counting]} counts for ${tenantName}`
          }
          actions={
            <LinkButton
              href={
                standing.wide ? "/settings/integrations/saas-management" : props.hrefTo(standing.by)
              }
              size="sm"
              variant="default"
            >
              See the switch
            </LinkButton>
          }
        >
          The licenses of {own} are retired and in no total. This connection goes on importing; the
          switch can be undone.
        </Callout>
      );
    default:
      return standing satisfies never;
  }
}
