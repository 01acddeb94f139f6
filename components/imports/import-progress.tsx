"use client";
import { Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import type { Source } from "#lib/domain/connection";
import type { ImportItem } from "#lib/domain/import-item";
import { isImportRunning, useImport } from "../queries.ts";
import { Callout } from "../ui/callout.tsx";
import { Panel } from "../ui/panel.tsx";
import { WorkerNotice } from "../worker-notice.tsx";
import { DatasetPanel } from "./dataset-panel.tsx";
import type { DecideHeld } from "./held-callout.tsx";
import { HeldDatasets } from "./held-datasets.tsx";
import { ImportJoins } from "./import-joins.tsx";
import { ImportProof, type SeatProof } from "./import-proof.tsx";
import { ImportSummary } from "./import-summary.tsx";
import { Preview } from "./preview.tsx";
import { UnreadCallout } from "./unread-callout.tsx";
import { VerificationWait } from "./verification-wait.tsx";

export interface ImportProgressProps {
  readonly initial: ImportItem;
  readonly tenantName: string;
  readonly tenantId: string | null;
  readonly source: Source;
  readonly seats: SeatProof | null;
  /** Null where the reader's role does not include it. */
  readonly cancel: DecideHeld | null;
  readonly decide: { readonly publish: DecideHeld; readonly discard: DecideHeld } | null;
  /** What publishing a held directory would change. */
  readonly heldComparison?: ReactNode;
  /** What the published directory changed. */
  readonly changes?: ReactNode;
}

/** One import, live while it runs: what is read, what waits for what, what was published. Safe to leave. */
export function ImportProgress(props: ImportProgressProps) {
  const { data: item, isError } = useImport(props.initial);
  const running = isImportRunning(item);
  useRefreshWhenDone(item);
  return (
    <Stack gap="md">
      <ImportSummary item={item} running={running} cancel={props.cancel} />
      <ImportJoins item={item} />
      {isError && running && (
        <Callout tone="warn" live title="The latest state could not be fetched">
          What you see is the last known state. The import itself is not affected; this page keeps
          asking.
        </Callout>
      )}
      {running && <WorkerNotice seenSecondsAgo={item.workerSeenSecondsAgo} />}
      <VerificationWait item={item} />
      <HeldDatasets item={item} decide={props.decide} comparison={props.heldComparison} />
      <ImportProof
        item={item}
        tenantName={props.tenantName}
        tenantId={props.tenantId}
        seats={props.seats}
      />
      {item.unread !== null && <UnreadCallout unread={item.unread} />}
      {props.changes}
      {item.datasets.map((dataset) => (
        <DatasetPanel key={dataset.name} item={item} dataset={dataset} />
      ))}
      {item.preview.length > 0 && !isPublished(item) && (
        <Panel
          title="Products"
          beside={isOver(item) ? "Read, not published" : "Read, not yet published"}
        >
          <Preview products={item.preview} source={props.source} />
        </Panel>
      )}
    </Stack>
  );
}

const isPublished = (item: ImportItem): boolean =>
  item.datasets.some(({ name, publishedAt }) => name === "directory" && publishedAt !== null);

/** Nobody can publish its directory any more. */
const isOver = (item: ImportItem): boolean =>
  item.datasets.some(
    ({ name, state }) =>
      name === "directory" && ["cancelled", "failed", "superseded"].includes(state),
  );

/** The page around is renewed whenever a dataset ends: what it changed, or holds, is there from then on. */
function useRefreshWhenDone(item: ImportItem): void {
  const router = useRouter();
  const ended = item.datasets
    .filter(({ state }) => state !== "queued" && state !== "running")
    .map(({ name, state }) => `${name} ${state}`)
    .join();
  const before = useRef(ended);
  useEffect(() => {
    if (before.current !== ended) router.refresh();
    before.current = ended;
  }, [ended, router]);
}
