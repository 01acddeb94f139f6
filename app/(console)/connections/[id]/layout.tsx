import type { ReactNode } from "react";
import { findConnection } from "./find-connection.ts";

/** Looks the connection up before anything is sent, so that an unknown id is answered with 404. */
export default async function ConnectionLayout(props: {
  readonly params: Promise<{ readonly id: string }>;
  readonly children: ReactNode;
}) {
  await findConnection((await props.params).id);
  return props.children;
}
