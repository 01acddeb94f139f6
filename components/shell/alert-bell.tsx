"use client";
import { ActionIcon, Indicator, Tooltip } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import NextLink from "next/link";
import { useAlertCount } from "../queries.ts";
import { countOf } from "../ui/format.ts";

/** Leads to the alerts and counts those nobody has acknowledged; looks again every minute. */
export function AlertBell({ initial }: { readonly initial: number }) {
  const { data: count } = useAlertCount(initial);
  const label =
    count === 0 ? "Alerts, none new" : `Alerts, ${countOf(count, "new one", "new ones")}`;
  return (
    <Tooltip label={label}>
      <Indicator
        label={count > 99 ? "99+" : count}
        size={17}
        offset={5}
        color="red.9"
        disabled={count === 0}
        aria-hidden={false}
      >
        <ActionIcon
          component={NextLink}
          href="/alerts"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={label}
        >
          <IconBell size={19} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Indicator>
    </Tooltip>
  );
}
