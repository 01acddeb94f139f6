import { Text } from "@mantine/core";
import { rhythmText } from "#lib/domain/alert-text";
import type { PackageArrival } from "#lib/domain/package-item";
import { Callout } from "../ui/callout.tsx";
import { Instant } from "../ui/clock.tsx";
import { formatUtc } from "../ui/format.ts";

/** Stands out while packages that came regularly do not come any more; nothing otherwise. */
export function PackagesOverdue({ last, rhythm }: PackageArrival) {
  if (last === null || rhythm === null || !rhythm.overdue) return null;
  return (
    <Callout tone="warn" title={`No package since the one of ${formatUtc(last.collectedAt)}`}>
      They came {rhythmText(rhythm.everyDays)}; the next one was due by {formatUtc(rhythm.dueBy)}.
      The numbers shown are as old as that package. Look at the collector&apos;s task: its last
      result and its log say why it stopped.
    </Callout>
  );
}

/** When the last package was collected and received, and how often they come. */
export function LastPackage({ last, rhythm }: PackageArrival) {
  if (last === null) return null;
  return (
    <Text size="sm">
      Last package of {formatUtc(last.collectedAt)} (collected <Instant at={last.collectedAt} />,
      received <Instant at={last.receivedAt} />
      ).
      {rhythm !== null &&
        !rhythm.overdue &&
        ` They come ${rhythmText(rhythm.everyDays)}; an alert is raised when none has come by ${formatUtc(rhythm.dueBy)}.`}
    </Text>
  );
}
