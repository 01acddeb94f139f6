import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** Nothing to show, said in one sentence, with the one thing to do about it. */
export function EmptyState(props: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
  readonly order?: 1 | 2 | 3;
}) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      {props.icon}
      <Title order={props.order ?? 2} size="h3">
        {props.title}
      </Title>
      {props.children !== undefined && (
        <Text c="dimmed" maw={520} size="sm" component="div">
          {props.children}
        </Text>
      )}
      {props.action}
    </Stack>
  );
}
