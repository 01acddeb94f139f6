"use client";
import { Group, Tooltip } from "@mantine/core";
import { flagLabels } from "#lib/domain/labels";
import type { Flag } from "#lib/domain/license";
import { StatusBadge } from "./status-badge.tsx";
import { flagWord } from "./words.ts";

/** Flags as words; the consequence of each on hover and focus. */
export function FlagBadges({ flags }: { readonly flags: readonly Flag[] }) {
  return (
    <Group gap={4}>
      {flags.map((flag) => (
        <Tooltip key={flag} label={flagLabels[flag].meaning}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the consequence must be readable by keyboard */}
          <span tabIndex={0} style={{ borderRadius: 999 }}>
            <StatusBadge {...flagWord(flag)} />
          </span>
        </Tooltip>
      ))}
    </Group>
  );
}
