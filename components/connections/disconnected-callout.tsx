import { Text } from "@mantine/core";
import type { Source } from "#lib/domain/connection";
import type { ConnectionItem, Disconnected } from "#lib/domain/connection-item";
import { Callout } from "../ui/callout.tsx";
import { Instant } from "../ui/clock.tsx";
import { LinkButton } from "../ui/link.tsx";

/** A connection of the same tenant and source; `disconnectedAt` null = it is connected. */
export interface SameTenant {
  readonly id: string;
  readonly name: string;
  readonly disconnectedAt: string | null;
}

/** When and by whom a connection ended, what was kept of it, and what took its place. */
export function DisconnectedCallout(props: {
  readonly connection: Pick<ConnectionItem, "tenantName" | "name" | "source">;
  readonly disconnected: Disconnected | null;
  readonly sameTenant: readonly SameTenant[];
}) {
  const { disconnected } = props;
  const successor = props.sameTenant.find(({ disconnectedAt }) => disconnectedAt === null);
  const moved = disconnected?.because === "claim-moved";
  const tenant = props.connection.tenantName ?? props.connection.name;
  return (
    <Callout
      tone="info"
      title={moved ? "Moved to another workspace of this installation" : "Disconnected"}
      actions={
        successor === undefined ? undefined : (
          <LinkButton href={`/connections/${successor.id}`} size="xs" variant="default">
            Open the connection that followed
          </LinkButton>
        )
      }
    >
      {disconnected !== null && (
        <Text size="sm" component="p" m={0}>
          {moved
            ? "An administrator of the tenant moved it "
            : `${disconnected.by === null ? "It was disconnected " : `Disconnected by ${disconnected.by} `}`}
          <Instant at={disconnected.at} />.
        </Text>
      )}
      <Text size="sm" component="p" m={0}>
        {whatRemains(props.connection.source)} No import starts any more.
      </Text>
      {successor === undefined && (
        <Text size="sm" component="p" m={0}>
          {moved
            ? `To read ${tenant} here again, its administrator has to move it back: connect it by the multi-tenant app.`
            : `Connecting ${tenant} again makes a new connection; the history here is not touched.`}
        </Text>
      )}
    </Callout>
  );
}

const whatRemains = (source: Source): string => {
  const kept =
    "Kept: the history of its licenses, which are retired, its imports and the audit log";
  switch (source) {
    case "microsoft-365":
      return `${kept}. Erased: the stored credential and every token.`;
    case "office-365-deprecated":
      return `${kept}. Revoked: its upload tokens.`;
    case "saas-management":
      return `${kept}, and the organisation with its credential.`;
    default:
      return source satisfies never;
  }
};
