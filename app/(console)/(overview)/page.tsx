import { Grid, GridCol, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { ConnectFirst } from "#components/connections/connect-first";
import { Answers } from "#components/overview/answers";
import { AttentionList } from "#components/overview/attention-list";
import { OverviewSentence } from "#components/overview/overview-sentence";
import { TenantsTable } from "#components/overview/tenants-table";
import { StaleBanner } from "#components/stale-banner";
import { TrendChart } from "#components/trend-chart";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import type { Overview } from "#lib/domain/overview";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import { getOverview } from "#lib/services/get-overview";
import { readTenant } from "../read-tenant.ts";
import { given, hrefWith, tenantParameter } from "../search-params.ts";

export const metadata: Metadata = { title: "Overview" };

const loadFilters = createLoader({ tenant: tenantParameter });

/** Two connectors may read one tenant; a tenant not proven yet is one of its own. */
const tenantsOf = ({ tenants }: Overview): number =>
  new Set(tenants.map(({ id, tenantId }) => tenantId ?? id)).size;

export default async function OverviewPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  const { tenant } = await loadFilters(props.searchParams);
  const overview = await getOverview(ctx, given({ tenantId: tenant }));
  if (overview.tenants.length === 0) {
    return <ConnectFirst mayConnect={hasRight(ctx.actor.role, "manage-connections")} />;
  }
  const imported = overview.tenants.some(({ asOf }) => asOf.directory !== null);
  return (
    <Stack gap="md">
      <PageHeader
        title="Overview"
        answer={<OverviewSentence totals={overview.totals} tenants={tenantsOf(overview)} />}
      />
      <StaleBanner
        tenants={overview.tenants.map((tenant) =>
          readTenant({ ...tenant, connectionId: tenant.id }),
        )}
      />
      {imported && (
        <Answers
          overview={overview}
          hrefOf={(path, filter) => hrefWith(path, { ...filter, tenant })}
        />
      )}
      <Grid gap="md">
        <GridCol span={{ base: 12, md: 7, lg: 8 }}>
          <Panel title="Seats over time">
            <TrendChart points={overview.trend} label="Seats over time, all licenses together" />
          </Panel>
        </GridCol>
        <GridCol span={{ base: 12, md: 5, lg: 4 }}>
          <Panel title="Needs a person">
            <AttentionList items={overview.attention} />
          </Panel>
        </GridCol>
      </Grid>
      <Panel title="Tenants" flush>
        <TenantsTable tenants={overview.tenants} />
      </Panel>
    </Stack>
  );
}
