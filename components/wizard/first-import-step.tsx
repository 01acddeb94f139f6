"use client";
import { Stack, Text } from "@mantine/core";
import type { ImportItem } from "#lib/domain/read-models";
import { ImportProgress, type ImportProgressProps } from "../imports/import-progress.tsx";
import { isImportRunning } from "../queries.ts";
import { Callout } from "../ui/callout.tsx";
import { CommandButton } from "../ui/command-button.tsx";
import { FirstImportStart, type StartFirstImport } from "./first-import-start.tsx";

/** The first import as it runs, and the proof at its end; what a held or failed one means. */
export function FirstImportStep(
  props: Omit<ImportProgressProps, "initial"> & {
    readonly connectionId: string;
    /** Null until it was started. */
    readonly item: ImportItem | null;
    readonly startImport: StartFirstImport;
  },
) {
  const { connectionId, item, startImport, ...progress } = props;
  if (item === null) {
    return <FirstImportStart connectionId={connectionId} startImport={startImport} />;
  }
  return (
    <Stack gap="md">
      <Meaning item={item} connectionId={connectionId} startImport={startImport} />
      <ImportProgress key={item.id} initial={item} {...progress} />
    </Stack>
  );
}

function Meaning(props: {
  readonly item: ImportItem;
  readonly connectionId: string;
  readonly startImport: StartFirstImport;
}) {
  const directory = props.item.datasets.find(({ name }) => name === "directory");
  if (directory === undefined || directory.publishedAt !== null) return null;
  if (directory.state === "suspect") {
    return (
      <Text size="sm">
        What was read is complete but not believable by itself, so it is held. Until somebody
        publishes it, no license of this tenant is shown; nothing has to be connected again.
      </Text>
    );
  }
  if (isImportRunning(props.item)) return null;
  return (
    <Callout
      tone="warn"
      title="Nothing was published, so no license of this tenant is shown yet"
      actions={
        <CommandButton
          command={props.startImport}
          input={{ connectionId: props.connectionId, trigger: "manual" }}
          size="sm"
        >
          Import again
        </CommandButton>
      }
    >
      The tenant stays connected. What stopped this import is told below.
    </Callout>
  );
}
