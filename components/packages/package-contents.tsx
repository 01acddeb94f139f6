import { Text, Title } from "@mantine/core";
import classes from "../wizard/wizard.module.css";

const contents = [
  { what: "Subscriptions and their units", why: "What the tenant is entitled to, per product." },
  {
    what: "Accounts and their licenses",
    why: "Who holds what, directly or by a group where the collector knows, and Microsoft's own count beside it.",
  },
  {
    what: "Last sign-ins, where collected",
    why: "To tell seats that are used from seats that are not.",
  },
] as const;

/** What a package brings and what it does not; beside every step. */
export function PackageContents() {
  return (
    <section aria-label="What a package brings" className={classes.reading}>
      <Title order={2} size="h3">
        What a package brings
      </Title>
      <dl>
        {contents.map(({ what, why }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{why}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm">
        Trials and renewal dates, group names, deleted accounts and usage reports are not in it:
        they are shown as unknown, never as zero. Numbers are as of the collection.
      </Text>
    </section>
  );
}
