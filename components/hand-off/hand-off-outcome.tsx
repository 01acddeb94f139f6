import { Text, Title } from "@mantine/core";
import { Brand } from "../brand.tsx";
import { MicrosoftDetails } from "../microsoft-details.tsx";
import { Callout } from "../ui/callout.tsx";
import { LinkButton } from "../ui/link.tsx";
import { RefreshWhile } from "../ui/refresh-while.tsx";
import classes from "./hand-off.module.css";
import { refusedProof } from "./refused-proof.ts";

/** What became of an approval; the view of lib/services/get-handed-off-proof. */
export type Outcome =
  | { readonly kind: "checking"; readonly waiting: boolean }
  | { readonly kind: "done" }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly errorNumber: number | null;
      readonly correlationId: string | null;
    }
  | { readonly kind: "none" };

/** The end of a hand-off for whoever approved: being checked, done, or refused with what to do. */
export function HandOffOutcome(props: {
  readonly outcome: Outcome;
  /** The request they came with, to go on with it; null when this browser no longer knows it. */
  readonly requestHref: string | null;
}) {
  const { outcome, requestHref } = props;
  return (
    <main className={classes.page}>
      <Brand />
      <Title order={1}>{titleOf(outcome)}</Title>
      <Words outcome={outcome} />
      {outcome.kind === "refused" && refusedProof(outcome.code).again && (
        <div>
          {requestHref === null ? (
            <Text>Open the link you were sent once more.</Text>
          ) : (
            <LinkButton prefetch={false} href={requestHref}>
              Open the request again
            </LinkButton>
          )}
        </div>
      )}
    </main>
  );
}

const titleOf = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case "checking":
      return "Thank you: the approval is being checked";
    case "done":
      return "Done, thank you";
    case "refused":
      return "The approval could not be used";
    case "none":
      return "Nothing to show here";
    default:
      return outcome satisfies never;
  }
};

function Words({ outcome }: { readonly outcome: Outcome }) {
  switch (outcome.kind) {
    case "checking":
      return (
        <>
          <RefreshWhile />
          <Text role="status">
            {outcome.waiting
              ? "Microsoft takes a few minutes to make an approval known to all of its servers; we try again by ourselves."
              : "We check with Microsoft that it came from an administrator of the tenant."}{" "}
            You can close this page.
          </Text>
        </>
      );
    case "done":
      return (
        <Text role="status">
          The tenant is connected, and whoever asked you goes on from here. You can close this page;
          the approval can be withdrawn in the Entra admin center under Enterprise applications.
        </Text>
      );
    case "refused": {
      const { what, action } = refusedProof(outcome.code);
      return (
        <Callout tone="warn" title="Nothing was connected">
          <Text size="sm">{what}</Text>
          <Text size="sm" mt="xs">
            {action}
          </Text>
          <MicrosoftDetails {...outcome} />
        </Callout>
      );
    }
    case "none":
      return (
        <Text>
          No approval came back to this browser within the last hour. Open the link you were sent,
          or ask the person who sent it.
        </Text>
      );
    default:
      return outcome satisfies never;
  }
}
