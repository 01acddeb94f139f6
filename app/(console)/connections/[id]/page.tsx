import { Grid, GridCol, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { DatasetFreshness } from "#components/connections/dataset-freshness";
import { RemoveRetired } from "#components/connections/remove-retired";
import { FreshnessStamp } from "#components/freshness-stamp";
import { ImportsTable } from "#components/imports/imports-table";
import { DeprecatedBadge } from "#components/packages/deprecated-badge";
import { ConnectionBadge } from "#components/status-badge";
import { CommandButton } from "#components/ui/command-button";
import { EmptyState } from "#components/ui/empty-state";
import { LinkButton } from "#components/ui/link";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { importableStatuses } from "#lib/domain/connection";
import { hasRight, type Right } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import { cursorParameter } from "../../search-params.ts";
import { removeRetiredLicensesAction, startImportAction } from "../actions.ts";
import { PackagesView } from "../packages-view.tsx";
import { ConnectionAside } from "./connection-aside.tsx";
import { ConnectionNotices } from "./connection-notices.tsx";
import { ConsentHandOff } from "./consent-hand-off.tsx";
import { findConnection } from "./find-connection.ts";
import { LastVerification } from "./last-verification.tsx";
import { type ConnectionPageData, loadConnectionPage } from "./load-connection-page.ts";

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
  const data = await loadConnectionPage(ctx, { connectionId, cursor });
  const { connection, alive, byPackages, handOff } = data;
  const may = (right: Right) => hasRight(ctx.actor.role, right);
  const published = connection.connectFacts.firstImport === "published";
  return (
    <Stack gap="md">
      <Header data={data} may={may} />
      <ConnectionNotices ctx={ctx} data={data} />
      <Grid gap="md">
        <GridCol span={{ base: 12, lg: 7 }}>
          <Stack gap="md">
            <Panel title="Datasets and streams">
              <DatasetFreshness connection={connection} latest={data.latest} />
            </Panel>
            {connection.source === "microsoft-365" && (
              <LastVerification ctx={ctx} data={data} manages={may("manage-connections")} />
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
          <ConnectionAside ctx={ctx} data={data} />
        </GridCol>
      </Grid>
      {byPackages && <PackagesView ctx={ctx} connection={connection} arrival={data.arrival} />}
      {!alive && may("manage-connections") && published && (
        <Panel title="Retired licenses">
          <RemoveRetired connection={connection} remove={removeRetiredLicensesAction} />
        </Panel>
      )}
      <Imports data={data} />
    </Stack>
  );
}

function Header(props: {
  readonly data: ConnectionPageData;
  readonly may: (right: Right) => boolean;
}) {
  const { may } = props;
  const { connection, started, alive, byPackages } = props.data;
  const { id: connectionId, status } = connection;
  return (
    <PageHeader
      crumbs={[{ label: "Connections", href: "/connections" }]}
      title={<bdi>{connection.tenantName ?? connection.name}</bdi>}
      beside={
        <>
          <ConnectionBadge status={status} />
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
          {may("import") && !byPackages && importableStatuses.includes(status) && (
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
  );
}

function Imports({ data }: { readonly data: ConnectionPageData }) {
  const { imports, byPackages, connection } = data;
  return (
    <Panel title="Imports" flush>
      {imports.kind === "refused" ? (
        <RefusedState {...imports} againHref={`/connections/${connection.id}`} />
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
  );
}
