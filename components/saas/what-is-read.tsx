import { Text, Title } from "@mantine/core";
import classes from "../wizard/wizard.module.css";

const readings = [
  {
    what: "Microsoft applications of the organisation",
    why: "To let you say which of them stands for which tenant.",
  },
  {
    what: "Licenses with their terms",
    why: "What was bought: quantity, cost, effective and ending date.",
  },
  {
    what: "Accounts of the application",
    why: "Who holds which license, matched to people by object id, UPN and e-mail.",
  },
] as const;

/** What SaaS Management brings and what it does not; beside every step. */
export function WhatIsRead() {
  return (
    <section aria-label="What we will read and why" className={classes.reading}>
      <Title order={2} size="h3">
        What we will read and why
      </Title>
      <dl>
        {readings.map(({ what, why }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{why}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm">
        Seatledger only reads. Microsoft's own counts and sign-ins are not part of it: they are
        shown as unknown, never as zero. Nothing that counts today is replaced before you switch.
      </Text>
    </section>
  );
}
