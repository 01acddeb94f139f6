import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { Brand } from "#components/brand";
import { LinkButton } from "#components/ui/link";

export const metadata: Metadata = { title: "Signed out" };

export default function SignedOutPage() {
  return (
    <Stack gap="lg">
      <Brand />
      <Stack gap={6}>
        <Title order={1}>You are signed out</Title>
        <Text c="dimmed" size="sm">
          Your session here has ended. Your browser may still be signed in to Microsoft.
        </Text>
      </Stack>
      <LinkButton href="/sign-in" variant="default" prefetch={false}>
        Sign in again
      </LinkButton>
    </Stack>
  );
}
