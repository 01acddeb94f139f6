import { Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { Brand } from "#components/brand";
import { LinkButton } from "#components/ui/link";

export const metadata: Metadata = { title: "Not signed in" };

interface Refusal {
  readonly title: string;
  readonly text: string;
}

const unknownRefusal: Refusal = {
  title: "Signing in did not work",
  text: "Microsoft sent you back without an answer that could be used. Try again; if it happens again, ask whoever operates this installation.",
};

/** By the `reason` of our own refusals and the `error` of next-auth's. */
const refusals: Readonly<Record<string, Refusal>> = {
  "not-a-member": {
    title: "You are not a member here",
    text: "Microsoft confirmed who you are, but no workspace lists you as a member. Ask an owner of your workspace to add you.",
  },
  disabled: {
    title: "Your membership is disabled",
    text: "An owner of the workspace disabled your membership. Ask them if you need it again.",
  },
  "tenant-not-allowed": {
    title: "Your organisation may not sign in here",
    text: "People can sign in to this installation only from certain Microsoft tenants, and yours is not one of them. Ask whoever operates it.",
  },
  guest: {
    title: "Guests cannot sign in",
    text: "You came as a guest of another organisation's tenant. Sign in with an account of the tenant that knows you as a member.",
  },
  "personal-account": {
    title: "Personal accounts cannot sign in",
    text: "Use the work account your organisation gave you, not a personal Microsoft account.",
  },
  unavailable: {
    title: "Signing in is not possible right now",
    text: "The service may be starting. Try again in a minute.",
  },
  AccessDenied: {
    title: "Signing in was cancelled",
    text: "Microsoft told us that you, or a rule of your organisation, declined. Nothing was changed.",
  },
};

export default async function RefusedPage(props: {
  readonly searchParams: Promise<{
    readonly reason?: string | string[];
    readonly error?: string | string[];
  }>;
}) {
  const { reason, error } = await props.searchParams;
  const code = typeof reason === "string" ? reason : error;
  const refusal =
    typeof code === "string" && Object.hasOwn(refusals, code) ? refusals[code] : undefined;
  const { title, text } = refusal ?? unknownRefusal;
  return (
    <Stack gap="lg">
      <Brand />
      <Stack gap={6}>
        <Title order={1}>{title}</Title>
        <Text c="dimmed" size="sm">
          {text}
        </Text>
      </Stack>
      <LinkButton href="/sign-in" variant="default" prefetch={false}>
        Sign in with another account
      </LinkButton>
    </Stack>
  );
}
