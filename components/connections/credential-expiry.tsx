"use client";
import { Group, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { ConnectionItem } from "#lib/domain/read-models";
import { useNow } from "../ui/clock.tsx";
import { formatDay, formatRelative } from "../ui/format.ts";

/** People are warned this long before a credential expires (reference/fault-catalogue.md §3). Milliseconds. */
const warnBefore = 60 * 86_400_000;

/** When the credential expires, in words; louder the nearer it is. Nothing for our own app, which needs none. */
export function CredentialExpiry({
  credential,
}: {
  readonly credential: ConnectionItem["credential"];
}) {
  const now = useNow();
  if (credential === null) return null;
  const name = credential.kind === "secret" ? "Client secret" : "Certificate";
  return (
    <Group gap={6} wrap="nowrap">
      <IconKey size={15} aria-hidden style={{ flex: "none" }} />
      <Text size="sm" c={toneOf(credential.expiresAt, now)}>
        {credential.expiresAt === null
          ? `${name} without a known expiry date`
          : said(name, credential.expiresAt, now)}
      </Text>
    </Group>
  );
}

const said = (name: string, expiresAt: string, now: number): string => {
  const day = formatDay(expiresAt.slice(0, 10));
  return Date.parse(expiresAt) <= now
    ? `${name} expired on ${day}`
    : `${name} expires on ${day}, ${formatRelative(expiresAt, now)}`;
};

const toneOf = (expiresAt: string | null, now: number): string => {
  if (expiresAt === null) return "dimmed";
  const left = Date.parse(expiresAt) - now;
  return left <= 0 ? "var(--sl-risk)" : left < warnBefore ? "var(--sl-warn)" : "dimmed";
};
