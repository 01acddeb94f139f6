"use client";
import { Button, Stack, Text } from "@mantine/core";
import { IconBrandWindows } from "@tabler/icons-react";
import { signIn } from "next-auth/react";
import { useState } from "react";

/** Leads to Microsoft and back to the page one came from. */
export function SignInButton({ returnPath }: { readonly returnPath: string }) {
  const [state, setState] = useState<"idle" | "leaving" | "failed">("idle");
  const leave = (): void => {
    setState("leaving");
    signIn("azure-ad", { callbackUrl: returnPath }).catch(() => setState("failed"));
  };
  return (
    <Stack gap="xs">
      <Button
        size="md"
        fullWidth
        loading={state === "leaving"}
        leftSection={<IconBrandWindows size={18} aria-hidden />}
        onClick={leave}
      >
        Sign in with Microsoft
      </Button>
      {state === "failed" && (
        <Text size="sm" role="alert" c="var(--mantine-color-error)">
          Microsoft could not be reached. Try again.
        </Text>
      )}
    </Stack>
  );
}
