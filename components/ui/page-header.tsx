import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { TextLink } from "./link.tsx";
import classes from "./page-header.module.css";

export interface Crumb {
  readonly label: string;
  readonly href: string;
}

/** Where one is, what the page says in one sentence, and what can be done. */
export function PageHeader(props: {
  readonly crumbs?: readonly Crumb[];
  readonly title: ReactNode;
  readonly beside?: ReactNode;
  /** The finding in one sentence. */
  readonly answer?: ReactNode;
  readonly stamp?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <header className={classes.header}>
      {props.crumbs !== undefined && props.crumbs.length > 0 && (
        <nav aria-label="Breadcrumb">
          <ol className={classes.crumbs}>
            {props.crumbs.map((crumb) => (
              <li key={crumb.href}>
                <TextLink href={crumb.href} size="sm" c="dimmed">
                  <bdi>{crumb.label}</bdi>
                </TextLink>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={6} style={{ minWidth: 0, flex: "1 1 24rem" }}>
          <Group gap="sm">
            <Title order={1} className="wrap-anywhere">
              {props.title}
            </Title>
            {props.beside}
          </Group>
          {props.answer !== undefined && (
            <Text size="md" maw={860} component="div">
              {props.answer}
            </Text>
          )}
          {props.stamp}
        </Stack>
        {props.actions !== undefined && <Group gap="sm">{props.actions}</Group>}
      </Group>
    </header>
  );
}
