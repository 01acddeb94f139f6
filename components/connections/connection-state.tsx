import type { ReactNode } from "react";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { FailureCallout } from "../failure-callout.tsx";
import { LimitedUntil } from "../limited-until.tsx";
import { Callout } from "../ui/callout.tsx";
import { DisconnectedCallout, type SameTenant } from "./disconnected-callout.tsx";
import { OverdueCallout } from "./overdue-callout.tsx";

/** What a person has to know first about a connection, when there is something. */
export function ConnectionState(props: {
  readonly connection: ConnectionItem & { readonly sameTenant: readonly SameTenant[] };
  /** The way to repair it, for those who may; null when nothing is broken. */
  readonly repair: ReactNode;
}) {
  const { connection } = props;
  const { problem, status } = connection;
  return (
    <>
      {problem !== null && <FailureCallout failure={problem} actions={props.repair} />}
      {(problem === null || status === "paused") && <StatusCallout connection={connection} />}
      <OverdueCallout connection={connection} />
      <LimitedUntil limits={connection.lastImport?.limits ?? []} />
    </>
  );
}

function StatusCallout({
  connection,
}: {
  readonly connection: ConnectionItem & { readonly sameTenant: readonly SameTenant[] };
}) {
  switch (connection.status) {
    case "draft":
      return (
        <Callout tone="info" title="Not connected yet">
          {connection.source === "office-365-deprecated"
            ? "This is a draft: no sound package has arrived so far. Everything entered is kept."
            : "This is a draft: nothing was asked of Microsoft so far. Everything entered is kept."}
        </Callout>
      );
    case "awaiting-consent":
      return (
        <Callout tone="wait" title="Waiting for an administrator's consent">
          A Global Administrator of the tenant has to approve the permissions. Nothing was read yet.
        </Callout>
      );
    case "verifying":
      return (
        <Callout tone="wait" title="Microsoft's answers are being verified">
          This goes on by itself and is shown below; you can leave this page.
        </Callout>
      );
    case "paused":
      return (
        <Callout tone="info" title="Imports are paused">
          No import starts, neither by schedule nor by hand. The published numbers stay as they are.
          {connection.schedule?.overdue?.reason === "paused" &&
            " The schedule has passed meanwhile: they are older than it allows."}
        </Callout>
      );
    case "disconnected":
      return (
        <DisconnectedCallout
          connection={connection}
          disconnected={connection.disconnected}
          sameTenant={connection.sameTenant}
        />
      );
    case "ready":
    case "action-needed":
      return null;
    default:
      return connection.status satisfies never;
  }
}
