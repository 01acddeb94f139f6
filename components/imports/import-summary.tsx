"use client";
import { Group, Loader, Text } from "@mantine/core";
import type { ImportItem } from "#lib/domain/import-item";
import { limitsOf } from "#lib/domain/import-wait";
import { LimitedUntil } from "../limited-until.tsx";
import { ImportBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { formatDuration } from "../ui/format.ts";
import { triggerWords } from "../words.ts";
import type { DecideHeld } from "./held-callout.tsx";

/** State of the whole import in one line, and the way to stop it. */
export function ImportSummary(props: {
  readonly item: ImportItem;
  readonly running: boolean;
  readonly cancel: DecideHeld | null;
}) {
  const { item, running, cancel } = props;
  return (
    <Group justify="space-between" role="status" aria-live="polite">
      <Group gap="sm">
        {running && <Loader size="xs" aria-hidden />}
        <ImportBadge state={item.state} />
        <Text size="sm" c="dimmed">
          {triggerWords[item.trigger]}, <bdi>{item.requestedBy}</bdi>,{" "}
          <Instant at={item.createdAt} />
          {took(item)}
          {running && ". You can leave this page; the import goes on."}
        </Text>
        {running && <LimitedUntil limits={limitsOf(item.streams)} />}
      </Group>
      {running && cancel !== null && (
        <ConfirmButton
          command={cancel}
          input={{ importId: item.id }}
          title="Cancel this import?"
          consequences="What was read and not published is dropped. The published numbers stay as they are."
          confirmLabel="Cancel the import"
          done="The import is being cancelled."
          size="sm"
          variant="default"
        >
          Cancel the import
        </ConfirmButton>
      )}
    </Group>
  );
}

const took = ({ startedAt, finishedAt }: ImportItem): string =>
  startedAt === null || finishedAt === null
    ? ""
    : `, took ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`;
