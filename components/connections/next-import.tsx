"use client";
import { Group, Text } from "@mantine/core";
import { IconCalendarEvent, IconCalendarExclamation, IconPlayerPause } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ScheduleItem } from "#lib/domain/connection-item";
import { inZone } from "#lib/domain/schedule-text";
import { Instant, useNow } from "../ui/clock.tsx";

/** When the schedule runs next, by the wall clock of its zone and as time left. */
export function NextRun({ schedule }: { readonly schedule: ScheduleItem }) {
  const now = useNow();
  const { nextRunAt, timeZone } = schedule;
  if (nextRunAt === null) return "None while imports are paused";
  if (Date.parse(nextRunAt) <= now) return "Due now: it starts as soon as a worker takes it";
  return (
    <>
      {inZone(nextRunAt, timeZone)}, <Instant at={nextRunAt} />
    </>
  );
}

/** One line of a connection's card: the next import, or why there is none. Nothing before it has a schedule. */
export function NextImport({ schedule }: { readonly schedule: ScheduleItem | null }) {
  if (schedule === null) return null;
  const Icon = schedule.paused ? IconPlayerPause : IconCalendarEvent;
  return (
    <>
      {schedule.overdue !== null && (
        <Line icon={<IconCalendarExclamation size={15} aria-hidden />} tone="var(--sl-warn)">
          Overdue. {schedule.overdue.what}
        </Line>
      )}
      <Line icon={<Icon size={15} aria-hidden />} tone="dimmed">
        {schedule.paused ? (
          "Imports are paused"
        ) : (
          <>
            Next import: <NextRun schedule={schedule} />
          </>
        )}
      </Line>
    </>
  );
}

function Line(props: {
  readonly icon: ReactNode;
  readonly tone: string;
  readonly children: ReactNode;
}) {
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <span style={{ flex: "none", display: "flex", paddingBlockStart: 3 }}>{props.icon}</span>
      <Text size="sm" c={props.tone}>
        {props.children}
      </Text>
    </Group>
  );
}
