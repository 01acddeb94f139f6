import type { ReactNode } from "react";
import { findLicense } from "./find-license.ts";

/** Looks the license up before anything is sent, so that an unknown id is answered with 404. */
export default async function LicenseLayout(props: {
  readonly params: Promise<{ readonly id: string }>;
  readonly children: ReactNode;
}) {
  await findLicense((await props.params).id);
  return props.children;
}
