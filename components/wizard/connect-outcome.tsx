import { Text, Title } from "@mantine/core";
import { Brand } from "../brand.tsx";
import { Callout } from "../ui/callout.tsx";
import { LinkButton } from "../ui/link.tsx";
import { asConnectRefusal, refusalTexts } from "./connect-refusals.ts";
import classes from "./wizard.module.css";

/** How a way to Microsoft ended that connected nothing: what happened, that nothing changed, what to do. */
export function ConnectOutcome(props: {
  /** One of `connectRefusals`, as the address names it. */
  readonly reason: string | null;
  /** The draft to go on with; null when it is not known whose it is. */
  readonly connectionId: string | null;
}) {
  const { connectionId } = props;
  const text = refusalTexts[asConnectRefusal(props.reason)];
  return (
    <main className={classes.outcome}>
      <Brand />
      <Title order={1}>{text.title}</Title>
      <Callout tone={text.tone} title="Nothing was connected">
        <Text size="sm">{text.what}</Text>
        <Text size="sm" mt="xs">
          {text.action}
        </Text>
      </Callout>
      <div>
        <LinkButton
          prefetch={false}
          href={
            connectionId === null ? "/connections" : `/connections/new?connection=${connectionId}`
          }
        >
          {connectionId === null ? "Go to the connections" : "Back to connecting"}
        </LinkButton>
      </div>
    </main>
  );
}
