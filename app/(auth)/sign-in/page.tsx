import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Brand } from "#components/brand";
import { SignInButton } from "#components/sign-in-button";
import { safeReturnPath } from "#lib/server/return-path";
import { findContext } from "#lib/server/session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage(props: {
  readonly searchParams: Promise<{ readonly from?: string | string[] }>;
}) {
  const { from } = await props.searchParams;
  const returnPath = safeReturnPath(typeof from === "string" ? from : null);
  if ((await findContext()) !== null) redirect(returnPath);
  return (
    <Stack gap="lg">
      <Brand />
      <Stack gap={6}>
        <Title order={1}>Sign in</Title>
        <Text c="dimmed" size="sm">
          With the work account your organisation uses for Microsoft 365. Seatledger reads who you
          are and nothing else of yours.
        </Text>
      </Stack>
      <SignInButton returnPath={returnPath} />
    </Stack>
  );
}
