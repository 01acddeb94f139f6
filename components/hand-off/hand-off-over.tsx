import { Text, Title } from "@mantine/core";
import type { HandOffEnd } from "#lib/domain/hand-off";
import { Brand } from "../brand.tsx";
import classes from "./hand-off.module.css";

/** A link that leads nowhere (any more). Seconds. */
export type OverView =
  | { readonly kind: "over"; readonly end: HandOffEnd; readonly memberName: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "rate-limited"; readonly retryAfter: number };

const titles: Readonly<Record<HandOffEnd, string>> = {
  "connection-gone": "This request was withdrawn",
  proven: "This request was answered already",
  revoked: "This request was withdrawn",
  "sender-gone": "This request is no longer valid",
  used: "This link was used already",
  expired: "This link has expired",
};

/** Whether there is anything left to ask for. */
const nothingToDo: readonly HandOffEnd[] = ["proven", "used"];

/** One sentence, and whom to ask. */
export function HandOffOver({ view }: { readonly view: OverView }) {
  return (
    <main className={classes.page}>
      <Brand />
      <Title order={1}>{titleOf(view)}</Title>
      <Text>{sentenceOf(view)}</Text>
    </main>
  );
}

const titleOf = (view: OverView): string => {
  switch (view.kind) {
    case "over":
      return titles[view.end];
    case "unknown":
      return "This link leads nowhere";
    case "rate-limited":
      return "Too many links were tried";
    default:
      return view satisfies never;
  }
};

function sentenceOf(view: OverView) {
  switch (view.kind) {
    case "over":
      if (view.end === "sender-gone") {
        return "Whoever sent it may no longer ask for this; ask your organisation's license managers for a new link if one is still needed.";
      }
      return nothingToDo.includes(view.end) ? (
        <>
          There is nothing left to do for you; ask <bdi>{view.memberName}</bdi> if you expected
          something else.
        </>
      ) : (
        <>
          Nothing was sent to Microsoft; ask <bdi>{view.memberName}</bdi> for a new link if you
          still want to approve.
        </>
      );
    case "unknown":
      return "It may have been cut off in the mail: copy the whole link, or ask the person who sent it for a new one.";
    case "rate-limited":
      return `Try again in ${minutes(view.retryAfter)}, or ask the person who sent it for a new one.`;
    default:
      return view satisfies never;
  }
}

const minutes = (seconds: number): string => {
  const count = Math.ceil(seconds / 60);
  return count === 1 ? "a minute" : `${count} minutes`;
};
