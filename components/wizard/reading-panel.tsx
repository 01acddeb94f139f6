import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./wizard.module.css";

const readings = [
  {
    what: "Subscriptions and their units",
    why: "What the tenant is entitled to, per product.",
  },
  {
    what: "Accounts and their licenses",
    why: "Who holds what, directly or by a group, and what Microsoft counts beside it.",
  },
  {
    what: "Groups that assign licenses",
    why: "To say which group a seat comes from.",
  },
  {
    what: "Last successful sign-ins",
    why: "To tell seats that are used from seats that are not.",
  },
  {
    what: "Usage reports",
    why: "When each service was last used, so that nobody loses what they work with.",
  },
] as const;

/** What Microsoft 365 brings; beside every step. */
export function ReadingPanel() {
  return (
    <ReadingList readings={readings}>
      Seatledger only reads. No mail, file or chat is opened, and nothing in the tenant is changed:
      none of the permissions allows it.
    </ReadingList>
  );
}

/** What is read and why, so that the answer is there when the question comes, and in `children` what it leaves alone. */
export function ReadingList(props: {
  readonly readings: readonly { readonly what: string; readonly why: string }[];
  readonly children: ReactNode;
}) {
  return (
    <section aria-label="What we will read and why" className={classes.reading}>
      <Title order={2} size="h3">
        What we will read and why
      </Title>
      <dl>
        {props.readings.map(({ what, why }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{why}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm">{props.children}</Text>
    </section>
  );
}
