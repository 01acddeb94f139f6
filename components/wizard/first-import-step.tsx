"use client";
import { Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { ImportItem } from "#lib/domain/import-item";
import { ImportProgress, type ImportProgressProps } from "../imports/import-progress.tsx";
import { isImportRunning, useImport } from "../queries.ts";
import { Callout } from "../ui/callout.tsx";
import { CommandButton } from "../ui/command-button.tsx";
import { FirstImportStart, type StartFirstImport } from "./first-import-start.tsx";

interface FirstImportProps extends Omit<ImportProgressProps, "initial"> {
  readonly connectionId: string;
  /** Null where an upload starts it. */
  readonly startImport: StartFirstImport | null;
}

/** The first import as it runs, and the proof at its end; what a held or failed one means. */
export function FirstImportStep({
  item,
  ...props
}: FirstImportProps & {
  /** Null until it was started. */
  readonly item: ImportItem | null;
}) {
  const { connectionId, startImport } = props;
  if (item !== null) return <RunningImport key={item.id} item={item} {...props} />;
  return startImport === null ? null : (
    <FirstImportStart connectionId={connectionId} startImport={startImport} />
  );
}

function RunningImport(props: FirstImportProps & { readonly item: ImportItem }) {
  const { item: initial, connectionId, startImport, ...progress } = props;
  const { data: item } = useImport(initial);
  useRefreshWhenPublished(item);
  return (
    <Stack gap="md">
      <Meaning item={item} connectionId={connectionId} startImport={startImport} />
      <ImportProgress initial={initial} {...progress} />
    </Stack>
  );
}

const directoryOf = (item: ImportItem) => item.datasets.find(({ name }) => name === "directory");

/** The proof needs the published numbers, which are there before the slow datasets are. */
function useRefreshWhenPublished(item: ImportItem): void {
  const router = useRouter();
  const published = (directoryOf(item)?.publishedAt ?? null) !== null;
  const wasPublished = useRef(published);
  useEffect(() => {
    if (published && !wasPublished.current) router.refresh();
    wasPublished.current = published;
  }, [published, router]);
}

function Meaning(props: {
  readonly item: ImportItem;
  readonly connectionId: string;
  readonly startImport: StartFirstImport | null;
}) {
  const directory = directoryOf(props.item);
  if (directory === undefined || directory.publishedAt !== null) return null;
  if (directory.state === "suspect") {
    return (
      <Text size="sm">
        Everything was read, but the counts do not fit together, so the import is held. Until
        somebody publishes it, no license of this tenant is shown; nothing has to be connected
        again.
      </Text>
    );
  }
  if (isImportRunning(props.item)) return null;
  return (
    <Callout
      tone="warn"
      title="Nothing was published, so no license of this tenant is shown yet"
      actions={
        props.startImport !== null && (
          <CommandButton
            command={props.startImport}
            input={{ connectionId: props.connectionId, trigger: "manual" }}
            size="sm"
          >
            Import again
          </CommandButton>
        )
      }
    >
      The tenant stays connected. What stopped this import is told below.
    </Callout>
  );
}
