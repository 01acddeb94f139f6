"use client";
import { useRouter } from "next/navigation";
import type { VerificationItem } from "#lib/domain/verification-item";
import { VerificationPanel } from "../connections/verification-panel.tsx";
import { firstImportOf, type StartFirstImport } from "./first-import-start.tsx";

/**
 * A verification that leads to the first import: it is asked for the moment the verification has succeeded, and the
 * action's answer is the next step.
 */
export function ConnectVerification(props: {
  readonly connectionId: string;
  readonly verification: VerificationItem;
  /** Null where there was an import. */
  readonly startImport: StartFirstImport | null;
}) {
  const { connectionId, startImport } = props;
  const router = useRouter();
  const goOn = async ({ state }: VerificationItem): Promise<void> => {
    const result =
      state === "succeeded"
        ? await startImport?.(firstImportOf(connectionId)).catch(() => undefined)
        : undefined;
    // A refused start is told by the next step, which asks again.
    if (result?.data === undefined) router.refresh();
  };
  return <VerificationPanel initial={props.verification} onEnd={goOn} />;
}
