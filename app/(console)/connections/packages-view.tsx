import { Stack, Text } from "@mantine/core";
import { CollectorGuide } from "#components/packages/collector-guide";
import { LastPackage } from "#components/packages/package-arrival";
import { PackagesTable } from "#components/packages/packages-table";
import { UploadForm } from "#components/packages/upload-form";
import { UploadTokens } from "#components/packages/upload-tokens";
import { Panel } from "#components/ui/panel";
import type { Cloud } from "#lib/domain/connection";
import type { PackageArrival } from "#lib/domain/package-item";
import { hasRight } from "#lib/domain/role";
import { collectorHash, collectorPath } from "#lib/server/collector";
import type { Ctx } from "#lib/services/context";
import type { ConnectionDetail } from "#lib/services/get-connection";
import { listPackages } from "#lib/services/list-packages";
import { listUploadTokens } from "#lib/services/list-upload-tokens";
import {
  beginPackageAction,
  cancelPackageAction,
  completePackageAction,
  createUploadTokenAction,
  revokeUploadTokenAction,
} from "./package-actions.ts";

/** As the collector spells the clouds. */
const collectorClouds: Readonly<Record<Cloud, string>> = {
  global: "Global",
  "us-gov-l4": "USGovL4",
  "us-gov-l5": "USGovL5",
  china: "China",
};

/** Uploading to a connection of the deprecated connector, what was uploaded, and how a collector does it by itself. */
export async function PackagesView(props: {
  readonly ctx: Ctx;
  readonly connection: ConnectionDetail;
  /** How fresh they are; null while the first is awaited. */
  readonly arrival: PackageArrival | null;
}) {
  const { ctx, connection } = props;
  const { id: connectionId, tenantId, status } = connection;
  const { items } = await listPackages(ctx, { connectionId });
  const { config } = ctx.platform;
  const alive = status !== "disconnected";
  const manages = alive && hasRight(ctx.actor.role, "manage-connections");
  const uploads = alive && hasRight(ctx.actor.role, "import");
  return (
    <Stack gap="md" style={{ minWidth: 0 }}>
      {uploads && (
        <Panel title="Upload">
          <UploadForm
            connectionId={connectionId}
            maxBytes={config.packageMaxBytes}
            commands={{
              begin: beginPackageAction,
              complete: completePackageAction,
              cancel: cancelPackageAction,
            }}
          />
        </Panel>
      )}
      <Panel
        title="Packages received"
        id="packages"
        flush
        beside={props.arrival === null ? undefined : <LastPackage {...props.arrival} />}
      >
        <PackagesTable connectionId={connectionId} initial={items} />
      </Panel>
      {manages && tenantId !== null && (
        <Panel title="Let a collector upload" id="collector">
          <Stack gap="lg">
            <Text size="sm">
              For tenants that still collect by PowerShell and for closed networks. Scheduling and
              all switches are told in the guide and by Get-Help.
            </Text>
            <CollectorGuide
              path={collectorPath}
              sha256={await collectorHash()}
              appUrl={config.appUrl}
              connectionId={connectionId}
              tenantId={tenantId}
              cloud={collectorClouds[connection.cloud]}
            />
            <UploadTokens
              connectionId={connectionId}
              tokens={await listUploadTokens(ctx, { connectionId })}
              create={createUploadTokenAction}
              revoke={revokeUploadTokenAction}
            />
          </Stack>
        </Panel>
      )}
    </Stack>
  );
}
