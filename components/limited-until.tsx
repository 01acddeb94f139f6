"use client";
import { Text } from "@mantine/core";
import { type ServiceLimit, serviceLabels } from "#lib/domain/import-wait";
import { useMounted, useNow } from "./ui/clock.tsx";
import { formatLocalClock, formatUtc } from "./ui/format.ts";

/**
 * Which of Microsoft's services are limited, and until when in the reader's own time. Goes by itself when the time has
 * come. Source: fault-catalogue E14.
 */
export function LimitedUntil({ limits }: { readonly limits: readonly ServiceLimit[] }) {
  const now = useNow();
  const mounted = useMounted();
  return limits
    .filter(({ until }) => Date.parse(until) > now)
    .map(({ service, until }) => (
      <Text key={service} size="sm" c="var(--sl-warn)">
        Microsoft is limiting its {serviceLabels[service]} until{" "}
        <time dateTime={until}>{mounted ? formatLocalClock(until) : formatUtc(until)}</time>; the
        import goes on by itself then.
      </Text>
    ));
}
