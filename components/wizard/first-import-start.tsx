"use client";
import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { firstImportKey } from "#lib/domain/first-import";
import type { ImportTrigger } from "#lib/domain/import";
import { Callout } from "../ui/callout.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";

export type StartFirstImport = Command<
  {
    readonly connectionId: string;
    readonly trigger: ImportTrigger;
    readonly idempotencyKey?: string;
  },
  { readonly id: string }
>;

/** What asks for the first import of a connection: the same import however often it is asked for. */
export const firstImportOf = (connectionId: string) => ({
  connectionId,
  trigger: "first" as const,
  idempotencyKey: firstImportKey(connectionId),
});

/** Starts the first import once, as was said beforehand; the same import however often the page is opened. */
export function FirstImportStart(props: {
  readonly connectionId: string;
  readonly startImport: StartFirstImport;
}) {
  const { connectionId } = props;
  const asked = useRef(false);
  const { run, error } = useCommand(props.startImport);
  const start = () => run(firstImportOf(connectionId));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the step is reached
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    start();
  }, []);
  if (error === null) {
    return (
      <Group gap="sm" role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm">Starting the first import.</Text>
      </Group>
    );
  }
  return (
    <Callout
      tone="warn"
      live
      title="The first import could not be started"
      actions={
        <Button size="sm" onClick={start}>
          Start the first import
        </Button>
      }
    >
      <Stack gap={4}>
        <span>{error.message}</span>
        <span>The tenant stays connected and verified.</span>
      </Stack>
    </Callout>
  );
}
