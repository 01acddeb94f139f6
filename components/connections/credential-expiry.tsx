"use client";
import { Group, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useNow } from "../ui/clock.tsx";
import { credentialExpiryWords } from "./credential-expiry-words.ts";

type Words = Parameters<typeof credentialExpiryWords>;

/** When the credential expires. Nothing for our own app, which needs none. */
export function CredentialExpiry(props: {
  readonly credential: Words[0] | null;
  /** What is wrong with the connection, told elsewhere on the page. */
  readonly problem?: Words[2];
}) {
  const today = new Date(useNow()).toISOString().slice(0, 10);
  if (props.credential === null) return null;
  const { text, tone } = credentialExpiryWords(props.credential, today, props.problem);
  return (
    <Group gap={6} wrap="nowrap">
      <IconKey size={15} aria-hidden style={{ flex: "none" }} />
      <Text size="sm" c={tone === "quiet" ? "dimmed" : `var(--sl-${tone})`}>
        {text}
      </Text>
    </Group>
  );
}
