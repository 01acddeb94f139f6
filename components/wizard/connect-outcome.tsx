import { Group, Text, Title } from "@mantine/core";
import { aadstsText } from "#lib/domain/aadsts-text";
import { Brand } from "../brand.tsx";
import { MicrosoftDetails } from "../microsoft-details.tsx";
import { Callout } from "../ui/callout.tsx";
import { LinkButton } from "../ui/link.tsx";
import { asConnectRefusal, type ConnectRefusal, refusalTexts } from "./connect-refusals.ts";
import classes from "./wizard.module.css";

/** Where the way began, and what there is to go back to. */
export type ConnectOrigin =
  /** The browser alone may still know the hand-off link it began with. */
  | { readonly kind: "unknown"; readonly linkHref: string | null }
  | { readonly kind: "draft"; readonly connectionId: string }
  /** A connection with a page of its own. */
  | { readonly kind: "made"; readonly connectionId: string }
  /** A hand-off link; null when this browser no longer knows it. */
  | { readonly kind: "link"; readonly href: string | null };

/** How a way to Microsoft ended that connected nothing: what happened, that nothing changed, what to do. */
export function ConnectOutcome(props: {
  /** One of `connectRefusals`, as the address names it. */
  readonly reason: string | null;
  readonly origin: ConnectOrigin;
  /** AADSTS number Microsoft sent back with; it only chooses the text. */
  readonly errorNumber: number | null;
  /** GUID by which Microsoft's support finds the attempt. */
  readonly correlationId: string | null;
}) {
  const { errorNumber, correlationId } = props;
  const reason = asConnectRefusal(props.reason);
  const origin = knownOrigin(props.origin, reason);
  const text = refusalTexts[reason];
  const told = origin.kind === "link" ? (text.byLink ?? text) : text;
  const byNumber =
    reason === "refused-by-microsoft" && errorNumber !== null
      ? aadstsText(errorNumber, { method: "multi-tenant-app" })
      : null;
  const words = byNumber ?? told;
  return (
    <main className={classes.outcome}>
      <Brand />
      <Title order={1}>{text.title}</Title>
      <Callout tone={text.tone} title="Nothing was connected">
        <Text size="sm">{words.what}</Text>
        <Text size="sm" mt="xs">
          {words.action}
        </Text>
        <MicrosoftDetails errorNumber={errorNumber} correlationId={correlationId} />
      </Callout>
      <Group gap="sm">
        <WayBack reason={reason} origin={origin} />
      </Group>
    </main>
  );
}

/** Of an attempt nobody knows, such as one that took too long, the link it may have begun with is where to go on. */
const knownOrigin = (origin: ConnectOrigin, reason: ConnectRefusal): ConnectOrigin =>
  origin.kind === "unknown" && reason === "unknown-attempt" && origin.linkHref !== null
    ? { kind: "link", href: origin.linkHref }
    : origin;

/** Reasons in which somebody else may do what this person could not. */
const delegable: readonly ConnectRefusal[] = ["declined", "refused-by-microsoft", "other-tenant"];

function WayBack(props: { readonly reason: ConnectRefusal; readonly origin: ConnectOrigin }) {
  const { reason, origin } = props;
  switch (origin.kind) {
    case "draft": {
      const wizard = `/connections/new?connection=${origin.connectionId}`;
      return (
        <>
          <LinkButton prefetch={false} href={wizard}>
            Back to connecting
          </LinkButton>
          {delegable.includes(reason) && (
            <LinkButton prefetch={false} variant="default" href={`${wizard}#hand-off`}>
              Ask an administrator
            </LinkButton>
          )}
        </>
      );
    }
    case "made":
      return (
        <LinkButton prefetch={false} href={`/connections/${origin.connectionId}`}>
          {reason === "connected-already" ? "Open that connection" : "Back to the connection"}
        </LinkButton>
      );
    case "link":
      return origin.href === null || reason === "link-over" || reason === "disconnected" ? null : (
        <LinkButton prefetch={false} href={origin.href}>
          Open the request again
        </LinkButton>
      );
    case "unknown":
      return (
        <LinkButton prefetch={false} href="/connections">
          Go to the connections
        </LinkButton>
      );
    default:
      return origin satisfies never;
  }
}
