"use client";
import { Button, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { type Command, useCommand } from "../ui/use-command.ts";

/** Begins the way to Microsoft in this browser and tells its address. */
export type StartConsent = Command<
  { readonly connectionId: string },
  { readonly redirectUrl: string }
>;

/** Leaves for Microsoft. The address comes from the server and is opened by the browser itself. */
export function ContinueToMicrosoft(props: {
  readonly connectionId: string;
  readonly startConsent: StartConsent;
  readonly label: string;
}) {
  const [leaving, setLeaving] = useState(false);
  const { run, pending, error } = useCommand(props.startConsent, {
    onDone: (started) => {
      if (started === undefined) return;
      setLeaving(true);
      window.location.assign(started.redirectUrl);
    },
  });
  useEffect(() => {
    const returned = (event: PageTransitionEvent) => event.persisted && setLeaving(false);
    window.addEventListener("pageshow", returned);
    return () => window.removeEventListener("pageshow", returned);
  }, []);
  return (
    <div>
      <Button
        size="md"
        loading={pending || leaving}
        rightSection={<IconExternalLink size={17} aria-hidden />}
        onClick={() => run({ connectionId: props.connectionId })}
      >
        {props.label}
      </Button>
      {error !== null && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt="xs">
          {error.message}
        </Text>
      )}
    </div>
  );
}
