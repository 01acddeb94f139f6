import { Stack } from "@mantine/core";
import { ConnectionFacts } from "#components/connections/connection-facts";
import { ConnectionSettings } from "#components/connections/connection-settings";
import { ReplaceCredentialPanel } from "#components/connections/replace-credential";
import { ScheduleControls } from "#components/connections/schedule-controls";
import { ScheduleFacts } from "#components/connections/schedule-facts";
import { ManagedAppLinks } from "#components/managed-app/managed-app-links";
import { Panel } from "#components/ui/panel";
import { hasRight, type Right } from "#lib/domain/role";
import type { Ctx } from "#lib/services/context";
import { getKeyPair } from "#lib/services/get-key-pair";
import {
  disconnectConnectionAction,
  pauseImportsAction,
  replaceCredentialAction,
  requestKeyPairAction,
  startVerificationAction,
  updateConnectionAction,
  updateScheduleAction,
  verifyKeyPairAction,
} from "../actions.ts";
import type { ConnectionPageData } from "./load-connection-page.ts";

/** What a connection is, when it is imported, its credential, and what may be changed about it. */
export async function ConnectionAside(props: {
  readonly ctx: Ctx;
  readonly data: Pick<ConnectionPageData, "connection" | "alive" | "ofCredential" | "enterprises">;
}) {
  const { ctx } = props;
  const { connection, alive, ofCredential, enterprises } = props.data;
  const { id: connectionId, schedule } = connection;
  const may = (right: Right) => hasRight(ctx.actor.role, right);
  const ownApp = connection.method === "registered-app" && connection.provenAt !== null;
  return (
    <Stack gap="md">
      <Panel title="About this connection">
        <ConnectionFacts connection={connection} />
      </Panel>
      {connection.source === "saas-management" && (
        <Panel title="Licenses and people">
          <ManagedAppLinks connectionId={connectionId} seesPeople={may("see-people")} />
        </Panel>
      )}
      {schedule !== null && (
        <Panel title="Schedule">
          <ScheduleFacts schedule={schedule} />
          {may("manage-connections") && (
            <ScheduleControls
              connection={connection}
              schedule={schedule}
              update={updateScheduleAction}
              pause={pauseImportsAction}
            />
          )}
        </Panel>
      )}
      {ownApp && alive && may("manage-credentials") && (
        <Panel title="Credential" id="credential">
          <ReplaceCredentialPanel
            connection={connection}
            verification={ofCredential ?? null}
            keyPair={await getKeyPair(ctx, { connectionId })}
            replaceCredential={replaceCredentialAction}
            requestKeyPair={requestKeyPairAction}
            verifyKeyPair={verifyKeyPairAction}
            startVerification={startVerificationAction}
          />
        </Panel>
      )}
      {alive && may("manage-connections") && (
        <Panel title="Change">
          <ConnectionSettings
            connection={connection}
            update={updateConnectionAction}
            disconnect={disconnectConnectionAction}
            enterprises={enterprises}
          />
        </Panel>
      )}
    </Stack>
  );
}
