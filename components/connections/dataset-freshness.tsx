import { Group, Stack, Text } from "@mantine/core";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { datasetLabels, streamLabels } from "#lib/domain/connection-labels";
import { type Dataset, datasetOf, datasets } from "#lib/domain/import";
import type { ImportItem, StreamItem } from "#lib/domain/import-item";
import type { AsOf } from "#lib/domain/read-models";
import { unavailableText } from "#lib/domain/unavailable-text";
import { FreshnessStamp } from "../freshness-stamp.tsx";
import { StreamBadge } from "../status-badge.tsx";
import { countOf } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { datasetGives } from "../words.ts";
import classes from "./checks.module.css";

const asOfKey: Readonly<Record<Dataset, keyof AsOf>> = {
  directory: "directory",
  "sign-ins": "signIns",
  usage: "usage",
};

/** What was published when, dataset by dataset, and how the latest import fared with each stream. */
export function DatasetFreshness(props: {
  readonly connection: ConnectionItem;
  readonly latest: ImportItem | undefined;
}) {
  return (
    <Stack gap="md">
      {datasets.map((dataset) => (
        <section key={dataset} aria-label={datasetLabels[dataset]}>
          <Group justify="space-between" gap="xs">
            <Text fw={600} size="sm">
              {datasetLabels[dataset]}
            </Text>
            <FreshnessStamp
              asOf={props.connection.asOf}
              source={props.connection.source}
              only={[asOfKey[dataset]]}
            />
          </Group>
          <Text size="sm" c="dimmed">
            {datasetGives[dataset]}
          </Text>
          <ul className={classes.checks}>
            {(props.latest?.streams ?? [])
              .filter(({ name }) => datasetOf(name) === dataset)
              .map((stream) => (
                <StreamLine key={stream.name} stream={stream} />
              ))}
          </ul>
        </section>
      ))}
      {props.latest !== undefined && (
        <Text size="sm" c="dimmed">
          Streams as of the{" "}
          <TextLink href={`/imports/${props.latest.id}`} inherit underline="always">
            latest import
          </TextLink>
          .
        </Text>
      )}
    </Stack>
  );
}

const lackOf = ({ error, reason, rows, name }: StreamItem): string =>
  error?.what ??
  (reason === null ? countOf(rows, "row") : unavailableText(reason, datasetOf(name)));

function StreamLine({ stream }: { readonly stream: StreamItem }) {
  const note = stream.state === "succeeded" ? countOf(stream.rows, "row") : lackOf(stream);
  return (
    <li>
      <div>
        <Text size="sm">{streamLabels[stream.name]}</Text>
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      </div>
      <StreamBadge state={stream.state} />
    </li>
  );
}
