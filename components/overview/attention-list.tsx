import { Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBell,
  IconCalendarExclamation,
  IconClockExclamation,
  IconHandStop,
  IconKey,
  IconPlugConnectedX,
  IconShieldQuestion,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Attention } from "#lib/domain/overview";
import { Instant } from "../ui/clock.tsx";
import { TextLink } from "../ui/link.tsx";
import classes from "./attention-list.module.css";

const icons: Readonly<Record<Attention["kind"], TablerIcon>> = {
  problem: IconPlugConnectedX,
  "held-import": IconHandStop,
  "failed-import": IconAlertTriangle,
  "credential-expiry": IconKey,
  stale: IconClockExclamation,
  overdue: IconCalendarExclamation,
  alert: IconBell,
  "new-permissions": IconShieldQuestion,
};

/** What needs a person, the most pressing first. */
export function AttentionList({ items }: { readonly items: readonly Attention[] }) {
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing needs a person now.
      </Text>
    );
  }
  return (
    <ul className={classes.list}>
      {items.map((item) => {
        const Icon = icons[item.kind];
        return (
          <li key={`${item.kind}-${item.connectionId}-${item.text}`}>
            <Icon size={18} aria-hidden />
            <div>
              <TextLink href={item.href} size="sm" c="inherit" underline="always">
                {item.text}
              </TextLink>
              {item.since !== null && (
                <Text size="xs" c="dimmed">
                  <Instant at={item.since} />
                </Text>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
