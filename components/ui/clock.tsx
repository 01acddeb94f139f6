"use client";
import { Tooltip } from "@mantine/core";
import { createContext, type ReactNode, use, useSyncExternalStore } from "react";
import { formatDay, formatLocal, formatRelative, formatUtc } from "./format.ts";

const ServerNow = createContext(0);
const tick = 30_000;
let current = 0;

const subscribe = (changed: () => void): (() => void) => {
  const timer = setInterval(() => {
    current = Date.now();
    changed();
  }, tick);
  return () => clearInterval(timer);
};
const clientNow = (): number => {
  if (current === 0 || Date.now() - current > tick) current = Date.now();
  return current;
};

/** Carries the server's time of rendering, so that relative times hydrate to the same text. */
export function ClockProvider(props: { readonly now: number; readonly children: ReactNode }) {
  return <ServerNow value={props.now}>{props.children}</ServerNow>;
}

/** Milliseconds since 1970: the server's while hydrating, then the browser's, renewed every 30 s. */
export function useNow(): number {
  const serverNow = use(ServerNow);
  return useSyncExternalStore(subscribe, clientNow, () => serverNow);
}

const never = (): (() => void) => () => {};

/** False on the server and while hydrating: what depends on the browser's time zone waits for it. */
export function useMounted(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** An instant (ISO, UTC) as relative time; the absolute one, local and UTC, on hover and focus. */
export function Instant({
  at,
  tabbable = false,
}: {
  readonly at: string;
  readonly tabbable?: boolean;
}) {
  const now = useNow();
  const mounted = useMounted();
  const absolute = mounted ? `${formatLocal(at)} · ${formatUtc(at)}` : formatUtc(at);
  return (
    <Tooltip label={absolute}>
      <time dateTime={at} {...(tabbable ? { tabIndex: 0 } : {})}>
        {formatRelative(at, now)}
      </time>
    </Tooltip>
  );
}

/** An instant (ISO, UTC) written out, for what has to be in time: in the browser's time zone once it is known. */
export function Moment({ at }: { readonly at: string }) {
  const now = useNow();
  const mounted = useMounted();
  return (
    <Tooltip label={formatRelative(at, now)}>
      <time dateTime={at}>{mounted ? formatLocal(at) : formatUtc(at)}</time>
    </Tooltip>
  );
}

/** A UTC calendar day, written out; how far away it is on hover. */
export function Day({ day }: { readonly day: string }) {
  const now = useNow();
  return (
    <Tooltip label={formatRelative(`${day}T00:00:00Z`, now)}>
      <time dateTime={day}>{formatDay(day)}</time>
    </Tooltip>
  );
}
