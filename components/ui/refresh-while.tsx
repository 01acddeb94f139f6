"use client";
import { useInterval } from "@mantine/hooks";
import { useRouter } from "next/navigation";

/** Milliseconds. */
const every = 2_000;

/** Renders the page anew every two seconds for as long as it stands on it. */
export function RefreshWhile() {
  const router = useRouter();
  useInterval(() => router.refresh(), every, { autoInvoke: true });
  return null;
}
