import type { ReactNode } from "react";
import type { ScheduleItem } from "#lib/domain/connection-item";
import { scheduleInWords } from "#lib/domain/schedule-text";
import classes from "../licenses/why-panel.module.css";
import { Instant } from "../ui/clock.tsx";
import { formatDuration } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { NextRun } from "./next-import.tsx";

/** A run that a worker took this much later than it was due is told as made up for, ms. */
const lateAfter = 10 * 60_000;

/** When a connection is imported by itself, the next time, and what the last time led to. */
export function ScheduleFacts({ schedule }: { readonly schedule: ScheduleItem }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Imported", scheduleInWords(schedule)],
    ["Next import", <NextRun key="next" schedule={schedule} />],
    ["Last run", <LastRun key="last" run={schedule.lastRun} />],
    [
      "Changed",
      <span key="changed">
        <Instant at={schedule.changedAt} /> by <bdi>{schedule.changedBy}</bdi>
      </span>,
    ],
  ];
  return (
    <dl className={classes.list}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function LastRun({ run }: { readonly run: ScheduleItem["lastRun"] }) {
  if (run === null) return "Not yet";
  const late = Date.parse(run.at) - Date.parse(run.dueAt);
  return (
    <>
      <TextLink href={`/imports/${run.importId}`} inherit underline="always">
        <Instant at={run.at} />
      </TextLink>
      {run.joined && <small>An import was under way: that one counts</small>}
      {late > lateAfter && <small>Made up for, {formatDuration(late)} late</small>}
    </>
  );
}
