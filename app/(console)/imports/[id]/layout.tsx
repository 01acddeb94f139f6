import type { ReactNode } from "react";
import { findImport } from "./find-import.ts";

/** Looks the import up before anything is sent, so that an unknown id is answered with 404. */
export default async function ImportLayout(props: {
  readonly params: Promise<{ readonly id: string }>;
  readonly children: ReactNode;
}) {
  await findImport((await props.params).id);
  return props.children;
}
