"use client";
import { Group, Text } from "@mantine/core";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { LimitedUntil } from "../limited-until.tsx";
import { ImportBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import { TextLink } from "../ui/link.tsx";

/** The latest import: how it ended and when, or what it waits for. */
export function LastImport({ connection }: { readonly connection: ConnectionItem }) {
  const { lastImport } = connection;
  if (lastImport === null) {
    return (
      <Text size="sm" c="dimmed">
        Not imported yet
      </Text>
    );
  }
  return (
    <>
      <Group gap={8}>
        <TextLink href={`/imports/${lastImport.id}`} size="sm">
          Last import
        </TextLink>
        <ImportBadge state={lastImport.state} />
        <Text size="sm" c="dimmed">
          <Instant at={lastImport.finishedAt ?? lastImport.createdAt} />
        </Text>
      </Group>
      <LimitedUntil limits={lastImport.limits} />
    </>
  );
}
