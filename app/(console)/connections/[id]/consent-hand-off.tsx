import { HandOffPanel } from "#components/hand-off/hand-off-panel";
import { ConnectWatch } from "#components/wizard/connect-watch";
import { consentGap, grantedNames } from "#lib/domain/consent-gap";
import type { ConnectProgress } from "#lib/domain/hand-off";
import { repairOf } from "#lib/domain/repair";
import type { VerificationItem } from "#lib/domain/verification-item";
import type { ConnectionDetail } from "#lib/services/get-connection";
import { createHandOffAction, revokeHandOffAction } from "../new/actions.ts";

/** Where on the page a link for somebody else is made. */
export const handOffHref = "#hand-off";

/** Whether an administrator's new consent would bring something; `looked`: the latest verification that saw permissions. */
export function mayNeedConsent(
  connection: ConnectionDetail,
  looked: VerificationItem | undefined,
): boolean {
  const { source, method, problem, provenAt, status, askedPermissions: asked } = connection;
  if (method !== "multi-tenant-app" || provenAt === null || status === "disconnected") return false;
  if (problem !== null && repairOf({ source, method, problem, wasReady: true }) === "consent")
    return true;
  if (looked === undefined) return false;
  const { added, missing } = consentGap({ asked, granted: grantedNames(looked.permissions) });
  return added.length > 0 || missing.length > 0;
}

/**
 * A connected tenant's administrator is asked again with a link; the page goes on by itself when they are done.
 * `progress` was read before everything else on the page, so that whatever came after is seen as new.
 */
export function ConsentHandOff(props: {
  readonly memberName: string;
  readonly workspaceName: string;
  readonly connectionId: string;
  readonly progress: ConnectProgress;
}) {
  const { connectionId, progress } = props;
  return (
    <>
      <ConnectWatch connectionId={connectionId} seen={progress} />
      <HandOffPanel
        connectionId={connectionId}
        links={progress.handOffs}
        controls={{
          create: createHandOffAction,
          revoke: revokeHandOffAction,
          workspaceName: props.workspaceName,
          memberName: props.memberName,
        }}
      />
    </>
  );
}
