"use client";
import { Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { ImportItem } from "#lib/domain/read-models";
import { isImportRunning, useImport } from "../queries.ts";
import { Callout } from "../ui/callout.tsx";
import { Panel } from "../ui/panel.tsx";
import { WorkerNotice } from "../worker-notice.tsx";
import { DatasetPanel } from "./dataset-panel.tsx";
import type { DecideHeld } from "./held-callout.tsx";
import { HeldDatasets } from "./held-datasets.tsx";
import { ImportProof, type SeatProof } from "./import-proof.tsx";
import { ImportSummary } from "./import-summary.tsx";
import { Preview } from "./preview.tsx";

export interface ImportProgressProps {
  readonly initial: ImportItem;
  readonly tenantName: string;
  readonly tenantId: string | null;
  readonly seats: SeatProof | null;
  /** Null where the reader's role does not include it. */
  readonly cancel: DecideHeld | null;
  readonly decide: { readonly publish: DecideHeld; readonly discard: DecideHeld } | null;
}

/** One import, live while it runs: what is read, what waits for what, what was published. Safe to leave. */
export function ImportProgress(props: ImportProgressProps) {
  const { data: item, isError } = useImport(props.initial);
  const running = isImportRunning(item);
  useRefreshWhenDone(running);
  return (
    <Stack gap="md">
      <ImportSummary item={item} running={running} cancel={props.cancel} />
      {isError && running && (
        <Callout tone="warn" live title="The latest state could not be fetched">
          What you see is the last known state. The import itself is not affected; this page keeps
          asking.
        </Callout>
      )}
      {running && <WorkerNotice seenSecondsAgo={item.workerSeenSecondsAgo} />}
      <HeldDatasets item={item} decide={props.decide} />
      <ImportProof
        item={item}
        tenantName={props.tenantName}
        tenantId={props.tenantId}
        seats={props.seats}
      />
      {item.datasets.map((dataset) => (
        <DatasetPanel key={dataset.name} item={item} dataset={dataset} />
      ))}
      {item.preview.length > 0 && !isPublished(item) && (
        <Panel title="Products" beside="Read, not yet published">
          <Preview products={item.preview} />
        </Panel>
      )}
    </Stack>
  );
}

const isPublished = (item: ImportItem): boolean =>
  item.datasets.some(({ name, publishedAt }) => name === "directory" && publishedAt !== null);

/** The page around is renewed once, when the import ends. */
function useRefreshWhenDone(running: boolean): void {
  const router = useRouter();
  const wasRunning = useRef(running);
  useEffect(() => {
    if (wasRunning.current && !running) router.refresh();
    wasRunning.current = running;
  }, [running, router]);
}
