"use client";
import { Button } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useTransition } from "react";
import { DetailsBox } from "./details-box.tsx";
import { EmptyState } from "./empty-state.tsx";

/**
 * Something unexpected on our side: said plainly, with the id under which it was logged, and a way to retry. `retry` has to
 * ask the server again: building the page anew from the same answer would fail as before.
 */
export function ErrorPage(props: {
  readonly digest: string | undefined;
  readonly retry: () => void;
}) {
  const [pending, startTransition] = useTransition();
  return (
    <EmptyState
      order={1}
      title="This page could not be built"
      icon={<IconCloudOff size={36} stroke={1.4} aria-hidden />}
      action={
        <Button onClick={() => startTransition(props.retry)} loading={pending}>
          Try again
        </Button>
      }
    >
      The database may be starting, or something is wrong on our side. Nothing was changed.
      {props.digest !== undefined && <DetailsBox text={`digest ${props.digest}`} />}
    </EmptyState>
  );
}
