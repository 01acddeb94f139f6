"use client";
import { Group, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { CredentialItem } from "#lib/domain/credential-item";
import { daysBetween } from "#lib/domain/utc-day";
import { useNow } from "../ui/clock.tsx";
import { countOf, formatDay } from "../ui/format.ts";
import { credentialLabels } from "../words.ts";

/** People are warned this many days before a credential expires. Source: reference/fault-catalogue.md §3. */
const warnBefore = 60;

/** When the credential expires, in words; louder the nearer it is. Nothing for our own app, which needs none. */
export function CredentialExpiry({
  credential,
}: {
  readonly credential: {
    readonly kind: CredentialItem["credential"];
    /** ISO UTC; null = nobody has said. */
    readonly expiresAt: string | null;
  } | null;
}) {
  const today = new Date(useNow()).toISOString().slice(0, 10);
  if (credential === null) return null;
  const name = credentialLabels[credential.kind];
  const day = credential.expiresAt?.slice(0, 10) ?? null;
  const left = day === null ? null : daysBetween(today, day);
  return (
    <Group gap={6} wrap="nowrap">
      <IconKey size={15} aria-hidden style={{ flex: "none" }} />
      <Text size="sm" c={toneOf(left)}>
        {day === null || left === null
          ? `${name} without a known expiry date`
          : `${name} ${said(left)} on ${formatDay(day)}`}
      </Text>
    </Group>
  );
}

const said = (left: number): string =>
  left < 0 ? "expired" : left === 0 ? "expires today," : `expires in ${countOf(left, "day")},`;

const toneOf = (left: number | null): string => {
  if (left === null) return "dimmed";
  return left < 0 ? "var(--sl-risk)" : left < warnBefore ? "var(--sl-warn)" : "dimmed";
};
