import { Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./panel.module.css";

/** A block of a page with a heading of its own. */
export function Panel(props: {
  readonly title: string;
  readonly id?: string;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
  /** Tables run to the edge. */
  readonly flush?: boolean;
}) {
  return (
    <section
      className={classes.panel}
      aria-label={props.title}
      {...(props.id === undefined ? {} : { id: props.id })}
    >
      <Group justify="space-between" className={classes.head} gap="sm">
        <Title order={2}>{props.title}</Title>
        {typeof props.beside === "string" ? (
          <Text size="sm" c="dimmed">
            {props.beside}
          </Text>
        ) : (
          props.beside
        )}
      </Group>
      <div className={props.flush ? classes.flush : classes.body}>{props.children}</div>
    </section>
  );
}
