import type { ReactNode } from "react";
import type { ToldFailure } from "#lib/domain/read-models";
import { Callout } from "./ui/callout.tsx";
import { DetailsBox } from "./ui/details-box.tsx";

/** The facts of a failure that support asks for, one per line, folded away. Never a secret: see `Failure`. */
export function FailureDetails({ failure }: { readonly failure: ToldFailure }) {
  const lines = [
    `class ${failure.class}`,
    `code ${failure.code}`,
    failure.permission && `permission ${failure.permission}`,
    failure.status && `status ${failure.status}`,
    failure.errorNumber && `AADSTS${failure.errorNumber}`,
    failure.requestId && `request-id ${failure.requestId}`,
    failure.correlationId && `correlation-id ${failure.correlationId}`,
    ...Object.entries(failure.facts ?? {}).map(([name, value]) => `${name} ${value}`),
  ];
  return <DetailsBox text={lines.filter(Boolean).join("\n")} />;
}

/** A failure as a sentence: what happened, what is not shown because of it, what to do; details to copy. */
export function FailureCallout(props: {
  readonly failure: ToldFailure;
  readonly actions?: ReactNode;
  readonly live?: boolean;
}) {
  const { failure } = props;
  const expected = failure.class === "throttled" || failure.class === "suspect";
  return (
    <Callout
      tone={expected ? "warn" : "risk"}
      title={failure.what}
      actions={props.actions}
      live={props.live ?? false}
    >
      {failure.hidden !== "" && <div>{failure.hidden}</div>}
      {failure.action !== "" && <div>{failure.action}</div>}
      <FailureDetails failure={failure} />
    </Callout>
  );
}
