import { GrantChangesNote } from "#components/connections/grant-changes";
import { VerificationPanel } from "#components/connections/verification-panel";
import { CommandButton } from "#components/ui/command-button";
import { EmptyState } from "#components/ui/empty-state";
import { Panel } from "#components/ui/panel";
import { grantChanges } from "#lib/domain/consent-gap";
import type { Ctx } from "#lib/services/context";
import { startVerificationAction } from "../actions.ts";
import { AskForMissing } from "../ask-for-missing.tsx";
import { handOffHref } from "./consent-hand-off.tsx";
import type { ConnectionPageData } from "./load-connection-page.ts";

/** Permissions and endpoints as they were last seen, what changed since the time before, and the way to check again. */
export function LastVerification(props: {
  readonly ctx: Ctx;
  readonly data: Pick<ConnectionPageData, "connection" | "shown" | "started" | "alive">;
  /** Whether whoever looks may verify, and ask for what is missing. */
  readonly manages: boolean;
}) {
  const { ctx, manages } = props;
  const { connection, shown, started, alive } = props.data;
  const { last, looked, lookedBefore } = shown;
  return (
    <Panel
      title="Last verification"
      beside={
        started && alive && manages ? (
          <CommandButton
            command={startVerificationAction}
            input={{ connectionId: connection.id }}
            done="Verification asked for."
            size="compact-sm"
            variant="default"
          >
            Verify now
          </CommandButton>
        ) : undefined
      }
    >
      {last === undefined ? (
        <EmptyState order={3} title="Never verified">
          A verification asks Microsoft for every permission and endpoint, one by one.
        </EmptyState>
      ) : (
        <VerificationPanel
          key={last.id}
          initial={last}
          toldAbove={connection.problem}
          consent={{ asked: connection.askedPermissions, at: connection.provenAt }}
          changes={
            last === looked &&
            lookedBefore !== undefined && (
              <GrantChangesNote
                changes={grantChanges(lookedBefore.permissions, looked.permissions)}
              />
            )
          }
          fix={
            alive && manages ? (
              <AskForMissing ctx={ctx} connection={connection} handOffHref={handOffHref} />
            ) : null
          }
        />
      )}
    </Panel>
  );
}
