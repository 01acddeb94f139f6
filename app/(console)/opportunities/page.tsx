import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { ConnectFirst } from "#components/connections/connect-first";
import { NewerData } from "#components/newer-data";
import { MoneyFigures } from "#components/opportunities/money-figures";
import { OpportunitiesAnswer } from "#components/opportunities/opportunities-answer";
import { OpportunitiesTable } from "#components/opportunities/opportunities-table";
import { OpportunityFilters } from "#components/opportunities/opportunity-filters";
import { OpportunityGroups } from "#components/opportunities/opportunity-groups";
import { EmptyState } from "#components/ui/empty-state";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { confidences, opportunityKinds } from "#lib/domain/opportunity";
import { hasRight } from "#lib/domain/role";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { getOpportunitySummary } from "#lib/services/get-opportunity-summary";
import { listConnections } from "#lib/services/list-connections";
import { listOpportunities, listOpportunitiesInput } from "#lib/services/list-opportunities";
import { cursorParameter, given, hrefWith, tenantParameter } from "../search-params.ts";

export const metadata: Metadata = { title: "Opportunities" };

const loadFilters = createLoader({
  tenant: tenantParameter,
  kind: parseAsStringLiteral(opportunityKinds),
  confidence: parseAsStringLiteral(confidences),
  sort: parseAsString,
  cursor: cursorParameter,
});

export default async function OpportunitiesPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  const { tenant, kind, confidence, sort, cursor } = await loadFilters(props.searchParams);
  const scope = given({ tenantId: tenant });
  const summary = await getOpportunitySummary(ctx, scope);
  const order = listOpportunitiesInput.shape.sort.safeParse(sort ?? undefined).data;
  const list = await load(
    listOpportunities(ctx, { ...scope, ...given({ kind, confidence, sort: order, cursor }) }),
  );
  const againHref = hrefWith("/opportunities", { tenant, kind, confidence, sort: order });
  if (list.kind === "refused") {
    if (list.code !== "newer-data") return <RefusedState {...list} againHref={againHref} />;
    return (
      <Stack gap="md">
        <PageHeader title="Opportunities" answer={<OpportunitiesAnswer summary={summary} />} />
        <OpportunityFilters />
        <NewerData gone againHref={againHref} />
      </Stack>
    );
  }
  if (summary.groups.length === 0) {
    const connections = await listConnections(ctx, { limit: 1 });
    return connections.items.length === 0 ? (
      <ConnectFirst mayConnect={hasRight(ctx.actor.role, "manage-connections")} />
    ) : (
      <EmptyState order={1} title="Nothing to reclaim">
        No idle seat is known. Where it cannot be told whether a seat is used, nothing is
        recommended.
      </EmptyState>
    );
  }
  return (
    <Stack gap="md">
      <PageHeader title="Opportunities" answer={<OpportunitiesAnswer summary={summary} />} />
      <MoneyFigures summary={summary} />
      <Panel title="By reason">
        <OpportunityGroups
          groups={summary.groups}
          current={kind}
          hrefOf={(filter) => hrefWith("/opportunities", { tenant, confidence, ...filter })}
        />
      </Panel>
      <Panel title="Worklist" id="worklist" flush beside="The dearest first">
        <OpportunityFilters />
        {list.value.newerData && <NewerData againHref={againHref} />}
        <OpportunitiesTable
          rows={list.value.items}
          nextCursor={list.value.nextCursor}
          seesPeople={hasRight(ctx.actor.role, "see-people")}
          empty={<EmptyState order={3} title="No opportunity fits these filters" />}
        />
      </Panel>
    </Stack>
  );
}
