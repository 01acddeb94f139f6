"use client";
import { Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { sourceLabels } from "#lib/domain/connection-labels";
import type { SwitchPreview } from "#lib/domain/switch-preview";
import { parallelRunDays, type SwitchScope, type TenantChoice } from "#lib/domain/switching";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { countOf } from "../ui/format.ts";
import { type Command, useCommand } from "../ui/use-command.ts";

interface Plan extends SwitchScope {
  readonly choices: { readonly tenantId: string; readonly choice: TenantChoice }[];
}

export type SwitchCommand = Command<Plan & { readonly confirmed: boolean }>;
export type ParallelRunCommand = Command<Plan & { readonly days: number }>;

/** Switch now, or after days in which both are shown. Only when nothing but differing counts is in the way. */
export function SwitchDecision(props: {
  readonly preview: SwitchPreview;
  readonly plan: Plan;
  readonly switchSource: SwitchCommand;
  readonly startParallelRun: ParallelRunCommand;
}) {
  const { preview, plan } = props;
  const higher = sourceLabels[preview.by];
  const { obstacle } = preview;
  const disagreeing = obstacle?.kind === "counts-disagree" ? obstacle.licenses : 0;
  const retired = preview.licenses.filter(({ now, after }) => now === null && after !== null);
  const unmatched = retired.filter(({ counterpart }) => counterpart === null).length;
  return (
    <Group align="flex-start" gap="xl">
      <Stack gap="xs" align="flex-start" flex="1 1 18rem">
        <Text size="sm">
          Idle seats and money are worked out with the switch. It can be undone at any time.
        </Text>
        <ConfirmButton
          command={props.switchSource}
          input={{ ...plan, confirmed: disagreeing > 0 }}
          title={`Let ${higher} count?`}
          consequences={
            <ul style={{ margin: 0, paddingInlineStart: "1.1rem" }}>
              <li>
                {countOf(retired.length, "license is", "licenses are")} retired, and so are later
                ones of the same connectors.
              </li>
              {unmatched > 0 && (
                <li>
                  {countOf(unmatched, "of them has", "of them have")} no counterpart in {higher}:
                  nothing counts in their place.
                </li>
              )}
              {disagreeing > 0 && (
                <li>
                  The counts of {countOf(disagreeing, "license")} differ by more than a third. By
                  confirming you say that {higher} is right.
                </li>
              )}
              <li>Their connections go on importing, shown in grey.</li>
            </ul>
          }
          confirmLabel={`Switch to ${higher}`}
          done={`${higher} counts now.`}
        >
          Switch now
        </ConfirmButton>
      </Stack>
      <ParallelRunForm plan={plan} start={props.startParallelRun} higher={higher} />
    </Group>
  );
}

function ParallelRunForm(props: {
  readonly plan: Plan;
  readonly start: ParallelRunCommand;
  readonly higher: string;
}) {
  const { min, max } = parallelRunDays;
  const form = useForm<{ days: number | string }>({
    initialValues: { days: 14 },
    validate: {
      days: (days) =>
        typeof days === "number" && Number.isInteger(days) && days >= min && days <= max
          ? null
          : `Enter ${min} to ${max} days.`,
    },
  });
  const { run, pending, error } = useCommand(props.start, { done: "Both are shown until then." });
  return (
    <form
      noValidate
      style={{ flex: "1 1 18rem" }}
      onSubmit={form.onSubmit(({ days }) => run({ ...props.plan, days: Number(days) }))}
    >
      <Stack gap="xs">
        <Text size="sm">
          Or look at both side by side first: only the lower connector counts until the days are
          over, then {props.higher} does by itself.
        </Text>
        <Group align="flex-start" gap="sm">
          <NumberInput
            label="Days"
            w={110}
            min={min}
            max={max}
            clampBehavior="none"
            {...form.getInputProps("days")}
            error={form.errors.days ?? error?.fields?.days}
          />
          <Button type="submit" variant="default" loading={pending} mt={25}>
            Start a parallel run
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
