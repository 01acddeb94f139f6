"use client";
import { Group, Stack, Text } from "@mantine/core";
import { datasetLabels } from "#lib/domain/connection-labels";
import { datasetOf } from "#lib/domain/import";
import type { DatasetItem, ImportItem } from "#lib/domain/import-item";
import { FailureCallout } from "../failure-callout.tsx";
import { ImportBadge, StreamBadge } from "../status-badge.tsx";
import { Callout } from "../ui/callout.tsx";
import { Instant } from "../ui/clock.tsx";
import { TextLink } from "../ui/link.tsx";
import { Panel } from "../ui/panel.tsx";
import { datasetGives } from "../words.ts";
import classes from "./dataset-panel.module.css";
import { StreamRow } from "./stream-row.tsx";

/**
 * One dataset of an import: its own state and publish, and the streams it is read from. What the tenant does not have is
 * no failure and looks like none. Source: DESIGN §4 Run states.
 */
export function DatasetPanel({
  item,
  dataset,
}: {
  readonly item: ImportItem;
  readonly dataset: DatasetItem;
}) {
  const streams = item.streams.filter(({ name }) => datasetOf(name) === dataset.name);
  // A permission that was there at the last verification and is gone now is a loss, not an absence.
  const lost = item.state === "partial" && dataset.error?.class === "permission";
  const absent =
    !lost && streams.length > 0 && streams.every(({ state }) => state === "unavailable");
  return (
    <Panel
      title={datasetLabels[dataset.name]}
      beside={
        <Group gap="sm">
          <Text size="sm" c="dimmed">
            {absent ? (
              absenceOf(dataset)
            ) : (
              <Outcome dataset={dataset} connectionId={item.connectionId} />
            )}
          </Text>
          {absent ? <StreamBadge state="unavailable" /> : <ImportBadge state={dataset.state} />}
        </Group>
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {datasetGives[dataset.name]}
          {dataset.adopted && ". Already running when this import was asked for, so it is shared."}
        </Text>
        {dataset.error !== null &&
          (absent ? (
            <Callout tone="info" title={dataset.error.what}>
              {dataset.error.action}
            </Callout>
          ) : (
            <FailureCallout failure={dataset.error} live />
          ))}
        <ul className={classes.streams}>
          {streams.map((stream) => (
            <StreamRow
              key={stream.name}
              stream={stream}
              expectedUsers={item.expectedUsers}
              toldAbove={dataset.error?.code ?? null}
            />
          ))}
        </ul>
      </Stack>
    </Panel>
  );
}

const absenceOf = ({ error }: DatasetItem): string => {
  if (error?.code === "not-in-package") return "Not in the package";
  return error?.code === "not-in-saas-management"
    ? "Not in SaaS Management"
    : "Not part of this tenant";
};

function Outcome({
  dataset,
  connectionId,
}: {
  readonly dataset: DatasetItem;
  readonly connectionId: string;
}) {
  if (dataset.publishedAt !== null) {
    return (
      <>
        Published <Instant at={dataset.publishedAt} />
        {dataset.decidedBy !== null && (
          <>
            {" by "}
            <bdi>{dataset.decidedBy}</bdi>
          </>
        )}
      </>
    );
  }
  if (dataset.state === "superseded" && dataset.hold !== null) {
    return (
      <>
        Was held; a newer read replaced it before anybody decided.{" "}
        <TextLink href={`/connections/${connectionId}`} inherit underline="always">
          All imports
        </TextLink>
      </>
    );
  }
  switch (dataset.state) {
    case "queued":
    case "running":
      return "Nothing is published until it was read to its end";
    case "failed":
    case "cancelled":
    case "superseded":
      return (
        <>
          {dataset.state === "cancelled" && dataset.decidedBy !== null && (
            <>
              {dataset.hold === null ? "Ended by " : "Discarded by "}
              <bdi>{dataset.decidedBy}</bdi>.{" "}
            </>
          )}
          Nothing was published from it; no number changed
        </>
      );
    default:
      return null;
  }
}
