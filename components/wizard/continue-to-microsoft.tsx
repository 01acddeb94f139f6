"use client";
import { Button, type MantineSize, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { type Command, useCommand } from "../ui/use-command.ts";

/** Begins the way to Microsoft in this browser and tells its address. */
export type StartConsent = Command<
  { readonly connectionId: string },
  { readonly redirectUrl: string }
>;

/** Leaves for Microsoft with a connection of the person signed in. */
export function ContinueToMicrosoft(props: {
  readonly connectionId: string;
  readonly startConsent: StartConsent;
  readonly label: string;
  readonly size?: MantineSize | "compact-sm";
}) {
  const { connectionId, startConsent, ...button } = props;
  return <LeaveForMicrosoft begin={startConsent} input={{ connectionId }} {...button} />;
}

/** Leaves for Microsoft. The address comes from the server and is opened by the browser itself. */
export function LeaveForMicrosoft<Input>(props: {
  readonly begin: Command<Input, { readonly redirectUrl: string }>;
  readonly input: Input;
  readonly label: string;
  readonly size?: MantineSize | "compact-sm";
}) {
  const [leaving, setLeaving] = useState(false);
  const { run, pending, error } = useCommand(props.begin, {
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
        size={props.size ?? "md"}
        loading={pending || leaving}
        rightSection={<IconExternalLink size={17} aria-hidden />}
        onClick={() => run(props.input)}
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
