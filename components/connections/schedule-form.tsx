"use client";
import { Button, Group, Radio, RadioGroup, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ReactNode } from "react";
import {
  type Cadence,
  cadences,
  localTimePattern,
  type Weekday,
  weekdays,
} from "#lib/domain/cadence";
import type { ScheduleItem } from "#lib/domain/connection-item";
import { weekdayLabels } from "#lib/domain/schedule-text";
import { useNow } from "../ui/clock.tsx";
import { CommandFailure } from "../ui/command-failure.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";

export type UpdateSchedule = Command<{
  readonly connectionId: string;
  readonly cadence: Cadence;
  readonly weekday: Weekday | null;
  readonly time: string;
  readonly timeZone: string;
}>;

interface Answers {
  readonly cadence: Cadence;
  readonly weekday: Weekday;
  readonly time: string;
  readonly timeZone: string | null;
}

const cadenceLabels: Readonly<Record<Cadence, string>> = {
  daily: "Every day",
  weekly: "Once a week",
};

/** Every day or one weekday, a time, and the time zone whose clock it is read from. */
export function ScheduleForm(props: {
  readonly connectionId: string;
  readonly schedule: ScheduleItem;
  readonly update: UpdateSchedule;
  readonly close: () => void;
}) {
  const { connectionId, schedule } = props;
  const form = useForm<Answers>({
    initialValues: {
      cadence: schedule.cadence,
      weekday: schedule.weekday ?? "sunday",
      time: schedule.time,
      timeZone: schedule.timeZone,
    },
    validate: {
      time: (value) =>
        localTimePattern.test(value) ? null : "Enter a time such as 02:30, from 00:00 to 23:59.",
      timeZone: (value) => (value === null ? "Choose a time zone." : null),
    },
  });
  const { run, pending, error } = useCommand(props.update, {
    done: "Schedule saved.",
    onDone: props.close,
  });
  const fieldErrors = error?.fields ?? {};
  const { cadence, timeZone } = form.values;
  return (
    <form
      noValidate
      aria-label="Schedule"
      onSubmit={form.onSubmit((answers) => {
        if (answers.timeZone === null) return;
        run({
          connectionId,
          cadence: answers.cadence,
          weekday: answers.cadence === "weekly" ? answers.weekday : null,
          time: answers.time,
          timeZone: answers.timeZone,
        });
      })}
    >
      <Stack gap="md">
        <RadioGroup
          label="How often"
          value={cadence}
          onChange={(value) => form.setFieldValue("cadence", oneOf(cadences, value))}
          error={fieldErrors.cadence}
        >
          <Group mt={6} gap="lg">
            {cadences.map((value) => (
              <Radio key={value} value={value} label={cadenceLabels[value]} />
            ))}
          </Group>
        </RadioGroup>
        <Group align="flex-start" gap="sm" grow>
          {cadence === "weekly" && (
            <Select
              label="Weekday"
              data={weekdays.map((value) => ({ value, label: weekdayLabels[value] }))}
              allowDeselect={false}
              value={form.values.weekday}
              onChange={(value) => form.setFieldValue("weekday", oneOf(weekdays, value))}
              error={fieldErrors.weekday}
            />
          )}
          <TextInput
            label="Time"
            type="time"
            required
            {...form.getInputProps("time")}
            error={form.errors.time ?? fieldErrors.time}
          />
        </Group>
        <ZoneField
          stored={schedule.timeZone}
          value={timeZone}
          onChange={(value) => form.setFieldValue("timeZone", value)}
          error={form.errors.timeZone ?? fieldErrors.timeZone}
        />
        <Text size="sm" c="dimmed">
          When the clocks skip this time, the import runs as much later as they jump; when they show
          it twice, it runs at the first.
        </Text>
        <CommandFailure error={error} fieldsTell />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.close}>
            Keep as it is
          </Button>
          <Button type="submit" loading={pending}>
            Save the schedule
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The browser's zones, UTC, and the one that is stored, which this browser may spell differently. */
const zonesWith = (stored: string): readonly string[] => [
  ...new Set(["UTC", stored, ...Intl.supportedValuesOf("timeZone")]),
];

function ZoneField(props: {
  readonly stored: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly error: ReactNode;
}) {
  const now = useNow();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Stack gap={6} align="flex-start">
      <Select
        label="Time zone"
        description={
          props.value === null
            ? "Type a city or a region."
            : `It is ${clockIn(props.value, now)} there now.`
        }
        data={zonesWith(props.stored)}
        searchable
        selectFirstOptionOnChange
        nothingFoundMessage="No time zone has this name."
        required
        w="100%"
        value={props.value}
        onChange={props.onChange}
        error={props.error}
      />
      {own !== props.value && (
        <Button size="compact-xs" variant="subtle" onClick={() => props.onChange(own)}>
          Use this browser's time zone: {own}
        </Button>
      )}
    </Stack>
  );
}

const clockIn = (timeZone: string, now: number): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(now);

/** Safe: the control offers nothing else than these values. */
const oneOf = <const Value extends string>(
  values: readonly [Value, ...Value[]],
  value: string | null,
): Value => values.find((known) => known === value) ?? values[0];
