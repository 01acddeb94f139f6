"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import type { ConnectProgress } from "#lib/domain/hand-off";
import { useConnectProgress } from "../queries.ts";

/**
 * Renders the page anew when an administrator, another tab or another member has brought the connection on, and with each
 * answer for as long as the page shows something else.
 */
export function ConnectWatch(props: {
  readonly connectionId: string;
  readonly seen: ConnectProgress;
}) {
  const { connectionId, seen } = props;
  const { data, dataUpdatedAt } = useConnectProgress(connectionId, seen);
  const router = useRouter();
  const newerAt = JSON.stringify(data) === JSON.stringify(seen) ? null : dataUpdatedAt;
  useEffect(() => {
    if (newerAt !== null) router.refresh();
  }, [newerAt, router]);
  return null;
}
