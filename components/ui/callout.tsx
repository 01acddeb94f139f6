import { Group, Stack, Text, Title } from "@mantine/core";
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
  IconHourglass,
  IconInfoCircle,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./callout.module.css";

const icons = {
  risk: IconAlertOctagon,
  warn: IconAlertTriangle,
  info: IconInfoCircle,
  ok: IconCircleCheck,
  wait: IconHourglass,
} as const;

/** A statement that stands out from the page: a title that is a sentence, its consequence, and a way on. */
export function Callout(props: {
  readonly tone: keyof typeof icons;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Announced when it appears while the page is open. */
  readonly live?: boolean;
}) {
  const Icon = icons[props.tone];
  return (
    <div
      className={classes.callout}
      data-tone={props.tone}
      {...(props.live ? { role: "status" } : {})}
    >
      <Icon size={20} className={classes.icon} aria-hidden />
      <Stack gap={6} style={{ minWidth: 0, flex: 1 }}>
        <Title order={2} size="0.9375rem" className={classes.title}>
          {props.title}
        </Title>
        {props.children !== undefined && (
          <Text size="sm" component="div">
            {props.children}
          </Text>
        )}
        {props.actions !== undefined && <Group gap="sm">{props.actions}</Group>}
      </Stack>
    </div>
  );
}
