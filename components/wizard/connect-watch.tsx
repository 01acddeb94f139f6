"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import type { ConnectProgress } from "#lib/domain/hand-off";
import { useConnectProgress } from "../queries.ts";

/** Renders the page anew when an administrator, another tab or another member has brought the connection on. */
export function ConnectWatch(props: {
  readonly connectionId: string;
  readonly seen: ConnectProgress;
}) {
  const { connectionId, seen } = props;
  const { data } = useConnectProgress(connectionId, seen);
  const router = useRouter();
  const changed = JSON.stringify(data) !== JSON.stringify(seen);
  useEffect(() => {
    if (changed) router.refresh();
  }, [changed, router]);
  return null;
}
