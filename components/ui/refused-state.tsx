import { IconLock, IconRefresh } from "@tabler/icons-react";
import { EmptyState } from "./empty-state.tsx";
import { LinkButton } from "./link.tsx";

/** A page that cannot be shown as asked for: not allowed, or its numbers were replaced meanwhile. */
export function RefusedState(props: {
  readonly code: string;
  readonly message: string;
  /** The page from its beginning. */
  readonly againHref: string;
}) {
  const forbidden = props.code === "forbidden";
  const Icon = forbidden ? IconLock : IconRefresh;
  return (
    <EmptyState
      order={1}
      title={forbidden ? "Your role does not include this" : "This page cannot be continued"}
      icon={<Icon size={36} stroke={1.4} aria-hidden />}
      action={
        <LinkButton href={forbidden ? "/" : props.againHref} variant="default">
          {forbidden ? "Go to the overview" : "Start again"}
        </LinkButton>
      }
    >
      {props.message}
      {forbidden && " An owner of the workspace can change your role."}
    </EmptyState>
  );
}
