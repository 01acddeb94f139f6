import { Grid, GridCol, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { AskAgain } from "#components/connections/ask-again";
import { ConnectionFacts } from "#components/connections/connection-facts";
import { ConnectionSettings } from "#components/connections/connection-settings";
import { ConnectionState } from "#components/connections/connection-state";
import { DatasetFreshness } from "#components/connections/dataset-freshness";
import { GrantChangesNote } from "#components/connections/grant-changes";
import { RemoveRetired } from "#components/connections/remove-retired";
import { RepairAction } from "#components/connections/repair-action";
import { ReplaceCredentialPanel } from "#components/connections/replace-credential";
import { ScheduleControls } from "#components/connections/schedule-controls";
import { ScheduleFacts } from "#components/connections/schedule-facts";
import { VerificationPanel } from "#components/connections/verification-panel";
import { FreshnessStamp } from "#components/freshness-stamp";
import { HeldDatasets } from "#components/imports/held-datasets";
import { ImportsTable } from "#components/imports/imports-table";
import { ManagedAppLinks } from "#components/managed-app/managed-app-links";
import { DeprecatedBadge } from "#components/packages/deprecated-badge";
import { PackagesOverdue } from "#components/packages/package-arrival";
import { ConnectionBadge } from "#components/status-badge";
import { StandingCallout } from "#components/switching/standing-callout";
import { CommandButton } from "#components/ui/command-button";
import { EmptyState } from "#components/ui/empty-state";
import { LinkButton } from "#components/ui/link";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { importableStatuses } from "#lib/domain/connection";
import { grantChanges } from "#lib/domain/consent-gap";
import { portalLinks } from "#lib/domain/portal-links";
import { hasRight } from "#lib/domain/role";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { countConnections } from "#lib/services/count-connections";
import { getConnectProgress } from "#lib/services/get-connect-progress";
import { getConnection } from "#lib/services/get-connection";
import { getImport } from "#lib/services/get-import";
import { getKeyPair } from "#lib/services/get-key-pair";
import { getPackageArrival } from "#lib/services/get-package-arrival";
import { getStanding } from "#lib/services/get-standing";
import { listImports } from "#lib/services/list-imports";
import { listVerifications } from "#lib/services/list-verifications";
import { discardImportAction, publishImportAction } from "../../imports/actions.ts";
import { cursorParameter, given } from "../../search-params.ts";
import {
  disconnectConnectionAction,
  pauseImportsAction,
  removeRetiredLicensesAction,
  replaceCredentialAction,
  requestKeyPairAction,
  startImportAction,
  startVerificationAction,
  updateConnectionAction,
  updateScheduleAction,
  verifyKeyPairAction,
} from "../actions.ts";
import { startConsentAction } from "../new/actions.ts";
import { PackagesView } from "../packages-view.tsx";
import { ConsentHandOff, handOffHref, mayNeedConsent } from "./consent-hand-off.tsx";
import { findConnection } from "./find-connection.ts";

type PageProps = {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<SearchParams>;
};

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const connection = await findConnection((await params).id);
  return { title: connection.tenantName ?? connection.name };
}

const loadCursor = createLoader({ cursor: cursorParameter });

export default async function ConnectionPage({ params, searchParams }: PageProps) {
  const { ctx, workspace } = await requireContext();
  const { id: connectionId } = await findConnection((await params).id);
  const { cursor } = await loadCursor(searchParams);
  const may = (right: Parameters<typeof hasRight>[1]) => hasRight(ctx.actor.role, right);
  const progress = may("manage-connections")
    ? await getConnectProgress(ctx, { connectionId })
    : null;
  const imports = await load(listImports(ctx, { connectionId, ...given({ cursor }) }));
  const verifications = await listVerifications(ctx, { connectionId, limit: 10 });
  // Read after what is watched: the page is renewed when that goes on, and not for what had happened already.
  const connection = await getConnection(ctx, { connectionId });
  const held =
    connection.heldImportId === null
      ? null
      : await getImport(ctx, { importId: connection.heldImportId });
  const standing = await getStanding(ctx, { connectionId });
  const { enterprises: groups } = await countConnections(ctx, {});
  const enterprises = groups.flatMap(({ enterprise }) => enterprise ?? []);
  const verification = verifications.items[0];
  const [looked, lookedBefore] = verifications.items.filter(
    ({ permissions }) => permissions.length > 0,
  );
  const latest = imports.kind === "loaded" && cursor === null ? imports.value.items[0] : undefined;
  const beingMade = connection.method === "registered-app" && connection.provenAt === null;
  const started =
    connection.status !== "draft" && connection.status !== "awaiting-consent" && !beingMade;
  const alive = connection.status !== "disconnected";
  const handOff = mayNeedConsent(connection, looked) ? progress : null;
  const published = connection.connectFacts.firstImport === "published";
  const byPackages = connection.source === "office-365-deprecated";
  const byMicrosoft = connection.source === "microsoft-365";
  const arrival = byPackages ? await getPackageArrival(ctx, { connectionId }) : null;
  return (
    <Stack gap="md">
      <PageHeader
        crumbs={[{ label: "Connections", href: "/connections" }]}
        title={<bdi>{connection.tenantName ?? connection.name}</bdi>}
        beside={
          <>
            <ConnectionBadge status={connection.status} />
            {byPackages && <DeprecatedBadge />}
          </>
        }
        stamp={<FreshnessStamp asOf={connection.asOf} source={connection.source} />}
        actions={
          <>
            {!started && alive && may("manage-connections") && (
              <LinkButton href={`/connections/new?connection=${connectionId}`}>
                Continue connecting
              </LinkButton>
            )}
            {may("import") && !byPackages && importableStatuses.includes(connection.status) && (
              <CommandButton
                command={startImportAction}
                input={{ connectionId, trigger: "manual" }}
                goToPrefix="/imports/"
              >
                Import now
              </CommandButton>
            )}
          </>
        }
      />
      <ConnectionState
        connection={connection}
        repair={
          may("manage-connections") ? (
            <RepairAction
              connection={connection}
              startConsent={startConsentAction}
              startVerification={startVerificationAction}
              handOffHref={handOff === null ? null : handOffHref}
            />
          ) : null
        }
      />
      {arrival !== null && alive && <PackagesOverdue {...arrival} />}
      {standing !== null && (
        <StandingCallout
          standing={standing}
          source={connection.source}
          tenantName={connection.tenantName ?? connection.name}
          hrefTo={(by) => `/connections/${connectionId}/move?to=${by}`}
        />
      )}
      {held !== null && (
        <HeldDatasets
          item={held}
          decide={
            may("decide-held-import")
              ? { publish: publishImportAction, discard: discardImportAction }
              : null
          }
        />
      )}
      <Grid gap="md">
        <GridCol span={{ base: 12, lg: 7 }}>
          <Stack gap="md">
            <Panel title="Datasets and streams">
              <DatasetFreshness connection={connection} latest={latest} />
            </Panel>
            {byMicrosoft && (
              <Panel
                title="Last verification"
                beside={
                  started && alive && may("manage-connections") ? (
                    <CommandButton
                      command={startVerificationAction}
                      input={{ connectionId }}
                      done="Verification asked for."
                      size="compact-sm"
                      variant="default"
                    >
                      Verify now
                    </CommandButton>
                  ) : undefined
                }
              >
                {verification === undefined ? (
                  <EmptyState order={3} title="Never verified">
                    A verification asks Microsoft for every permission and endpoint, one by one.
                  </EmptyState>
                ) : (
                  <VerificationPanel
                    key={verification.id}
                    initial={verification}
                    toldAbove={connection.problem}
                    consent={{ asked: connection.askedPermissions, at: connection.provenAt }}
                    changes={
                      verification === looked &&
                      lookedBefore !== undefined && (
                        <GrantChangesNote
                          changes={grantChanges(lookedBefore.permissions, looked.permissions)}
                        />
                      )
                    }
                    fix={
                      alive && may("manage-connections") && connection.tenantId !== null ? (
                        <AskAgain
                          connection={connection}
                          portalHref={
                            portalLinks({
                              portalOrigin: ctx.platform.config.originsOf(connection.cloud).portal,
                              tenantId: connection.tenantId,
                              clientId: connection.clientId,
                            }).permissions
                          }
                          startConsent={startConsentAction}
                        />
                      ) : null
                    }
                  />
                )}
              </Panel>
            )}
            {handOff !== null && (
              <ConsentHandOff
                memberName={ctx.actor.name}
                workspaceName={workspace.name}
                connectionId={connectionId}
                progress={handOff}
              />
            )}
          </Stack>
        </GridCol>
        <GridCol span={{ base: 12, lg: 5 }}>
          <Stack gap="md">
            <Panel title="About this connection">
              <ConnectionFacts connection={connection} />
            </Panel>
            {connection.source === "saas-management" && (
              <Panel title="Licenses and people">
                <ManagedAppLinks connectionId={connectionId} seesPeople={may("see-people")} />
              </Panel>
            )}
            {connection.schedule !== null && (
              <Panel title="Schedule">
                <ScheduleFacts schedule={connection.schedule} />
                {may("manage-connections") && (
                  <ScheduleControls
                    connection={connection}
                    schedule={connection.schedule}
                    update={updateScheduleAction}
                    pause={pauseImportsAction}
                  />
                )}
              </Panel>
            )}
            {may("manage-credentials") &&
              alive &&
              connection.method === "registered-app" &&
              connection.provenAt !== null && (
                <Panel title="Credential" id="credential">
                  <ReplaceCredentialPanel
                    connection={connection}
                    verification={verification ?? null}
                    keyPair={await getKeyPair(ctx, { connectionId })}
                    replaceCredential={replaceCredentialAction}
                    requestKeyPair={requestKeyPairAction}
                    verifyKeyPair={verifyKeyPairAction}
                  />
                </Panel>
              )}
            {may("manage-connections") && alive && (
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
        </GridCol>
      </Grid>
      {byPackages && <PackagesView ctx={ctx} connection={connection} arrival={arrival} />}
      {!alive && may("manage-connections") && published && (
        <Panel title="Retired licenses">
          <RemoveRetired connection={connection} remove={removeRetiredLicensesAction} />
        </Panel>
      )}
      <Panel title="Imports" flush>
        {imports.kind === "refused" ? (
          <RefusedState {...imports} againHref={`/connections/${connectionId}`} />
        ) : (
          <ImportsTable
            rows={imports.value.items}
            nextCursor={imports.value.nextCursor}
            empty={
              <EmptyState order={3} title="No import yet">
                {byPackages
                  ? "The first sound package starts the first import."
                  : "The first import starts at the end of connecting, or by “Import now”."}
              </EmptyState>
            }
          />
        )}
      </Panel>
    </Stack>
  );
}
