"use client";
import { Button, Group, Modal, Stack, Switch } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ConnectionItem, ScheduleItem } from "#lib/domain/connection-item";
import { CommandFailure } from "../ui/command-failure.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";
import { ScheduleForm, type UpdateSchedule } from "./schedule-form.tsx";

export type PauseImports = Command<{ readonly connectionId: string; readonly paused: boolean }>;

/** The pause switch, and the way to change the schedule. */
export function ScheduleControls(props: {
  readonly connection: Pick<ConnectionItem, "id" | "name" | "tenantName" | "status">;
  readonly schedule: ScheduleItem;
  readonly update: UpdateSchedule;
  readonly pause: PauseImports;
}) {
  const { connection, schedule } = props;
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <Stack gap="sm" mt="sm">
      <PauseSwitch connection={connection} paused={schedule.paused} pause={props.pause} />
      <Group>
        <Button size="compact-sm" variant="default" onClick={open}>
          Change the schedule
        </Button>
      </Group>
      <Modal
        opened={opened}
        onClose={close}
        title={`Schedule of ${connection.tenantName ?? connection.name}`}
      >
        <ScheduleForm
          connectionId={connection.id}
          schedule={schedule}
          update={props.update}
          close={close}
        />
      </Modal>
    </Stack>
  );
}

function PauseSwitch(props: {
  readonly connection: Pick<ConnectionItem, "id" | "status">;
  readonly paused: boolean;
  readonly pause: PauseImports;
}) {
  const { connection, paused, pause } = props;
  const { run, pending, error } = useCommand(pause, {
    done: paused ? "Imports go on by schedule." : "Imports are paused.",
  });
  return (
    <div>
      <Switch
        label="Pause imports"
        description="While paused nothing is imported, neither by schedule nor by hand. An import under way ends normally."
        checked={paused}
        disabled={connection.status === "verifying"}
        aria-busy={pending}
        onChange={(event) =>
          run({ connectionId: connection.id, paused: event.currentTarget.checked })
        }
      />
      <CommandFailure error={error} />
    </div>
  );
}
