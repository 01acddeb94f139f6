"use client";
import { Progress, Text } from "@mantine/core";
import { streamLabels } from "#lib/domain/connection-labels";
import { fieldNotes } from "#lib/domain/field-notes";
import { datasetOf } from "#lib/domain/import";
import type { StreamItem } from "#lib/domain/import-item";
import { limitsOf } from "#lib/domain/import-wait";
import { unavailableText } from "#lib/domain/unavailable-text";
import { FailureCallout } from "../failure-callout.tsx";
import { LimitedUntil } from "../limited-until.tsx";
import { StreamBadge } from "../status-badge.tsx";
import { useMounted, useNow } from "../ui/clock.tsx";
import { countOf, formatLocalClock, formatNumber, formatUtc } from "../ui/format.ts";
import classes from "./dataset-panel.module.css";

/** Rows of a users page: `$top` of the users stream (DESIGN §4.4). */
const usersPerPage = 999;

/** One stream: how far it is read, what it waits for, what it could not read. */
export function StreamRow(props: {
  readonly stream: StreamItem;
  /** Accounts; null when not known. */
  readonly expectedUsers: number | null;
  /** Code of the failure its dataset tells already; null = none. */
  readonly toldAbove: string | null;
}) {
  const { stream } = props;
  const expected = stream.name === "users" ? props.expectedUsers : null;
  return (
    <li className={classes.stream}>
      <Text size="sm" fw={550}>
        {streamLabels[stream.name]}
      </Text>
      <div className={classes.progress}>
        <Text size="sm" c="dimmed">
          {read(stream, expected)}
        </Text>
        {stream.state === "running" && expected !== null && expected > 0 && (
          <Progress
            value={Math.min(100, (stream.rows / expected) * 100)}
            size="sm"
            aria-label={`${streamLabels[stream.name]} read`}
          />
        )}
      </div>
      <StreamBadge state={stream.state} />
      <Notes stream={stream} toldAbove={props.toldAbove} />
    </li>
  );
}

const read = (stream: StreamItem, expected: number | null): string => {
  if (stream.state === "queued") return "Not started";
  if (stream.state === "unavailable" && stream.rows === 0) {
    if (stream.error?.code === "not-in-saas-management") return stream.error.what;
    return stream.reason === null
      ? "Could not be read"
      : unavailableText(stream.reason, datasetOf(stream.name));
  }
  const page =
    expected !== null && stream.state === "running"
      ? `page ${formatNumber(stream.pages)} of ≈ ${formatNumber(Math.max(stream.pages, Math.ceil(expected / usersPerPage)))}`
      : countOf(stream.pages, "page");
  return `${countOf(stream.rows, "row")}, ${page}`;
};

const neverBrought: readonly string[] = ["not-in-package", "not-in-saas-management"];

/** An instant that is yet to come; null otherwise. `now` in milliseconds since 1970. */
const later = (instant: string | null, now: number): string | null =>
  instant !== null && Date.parse(instant) > now ? instant : null;

function Notes({
  stream,
  toldAbove,
}: {
  readonly stream: StreamItem;
  readonly toldAbove: string | null;
}) {
  const mounted = useMounted();
  const now = useNow();
  const paced = later(stream.pacedUntil, now);
  // Neither a package nor SaaS Management is asked for more than it brings.
  const absent =
    stream.state === "succeeded" && neverBrought.includes(stream.error?.code ?? "")
      ? stream.error
      : null;
  const notes = [
    paced === null
      ? null
      : `Waiting until ${mounted ? formatLocalClock(paced) : formatUtc(paced)}: Microsoft allows only so many of these requests. It goes on by itself.`,
    stream.retries > 0 ? `${countOf(stream.retries, "request")} repeated.` : null,
    stream.quarantined > 0
      ? `${countOf(stream.quarantined, "row")} could not be understood and ${stream.quarantined === 1 ? "was" : "were"} set aside: ${stream.quarantinedFields.join(", ")}.`
      : null,
    ...fieldNotes(stream.unexpectedFields),
    absent === null ? null : absent.hidden,
  ].filter((note) => note !== null);
  const told =
    stream.state === "unavailable" || absent !== null || stream.error?.code === toldAbove;
  const failed = told ? null : stream.error;
  const limits = limitsOf([stream]).filter(({ until }) => later(until, now) !== null);
  if (limits.length === 0 && notes.length === 0 && failed === null) return null;
  return (
    <div className={classes.notes}>
      <LimitedUntil limits={limits} />
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
      {failed !== null && <FailureCallout failure={failed} />}
    </div>
  );
}
