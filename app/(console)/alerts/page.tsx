import { Space } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { AlertsAnswer } from "#components/alerts/alerts-answer";
import { AlertsTable } from "#components/alerts/alerts-table";
import { EmptyState } from "#components/ui/empty-state";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { LinkTabs } from "#components/ui/tabs";
import { hasRight } from "#lib/domain/role";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { countAlerts } from "#lib/services/count-alerts";
import { listAlerts } from "#lib/services/list-alerts";
import { cursorParameter, given, hrefWith, tenantParameter } from "../search-params.ts";
import { acknowledgeAlertAction } from "./actions.ts";

export const metadata: Metadata = { title: "Alerts" };

const tabs = [
  { value: "open", label: "Open" },
  { value: "resolved", label: "Over" },
] as const;

const loadFilters = createLoader({
  tab: parseAsStringLiteral(tabs.map(({ value }) => value)).withDefault("open"),
  tenant: tenantParameter,
  cursor: cursorParameter,
});

export default async function AlertsPage(props: { readonly searchParams: Promise<SearchParams> }) {
  const { ctx } = await requireContext();
  const { tab, tenant, cursor } = await loadFilters(props.searchParams);
  const filters = given({ tenantId: tenant, cursor });
  const result = await load(listAlerts(ctx, { state: tab, ...filters }));
  if (result.kind === "refused") {
    return <RefusedState {...result} againHref={hrefWith("/alerts", { tab, tenant })} />;
  }
  const { count } = await countAlerts(ctx);
  const { items, nextCursor } = result.value;
  const looked = tab === "open" && tenant === null && cursor === null;
  const open = looked ? items.length > 0 : null;
  return (
    <>
      <PageHeader title="Alerts" answer={<AlertsAnswer count={count} open={open} />} />
      <LinkTabs label="Alerts by state" tabs={tabs} current={tab} />
      <Space h="md" />
      <Panel title={tab === "open" ? "Open alerts" : "Alerts that are over"} flush>
        <AlertsTable
          rows={items}
          nextCursor={nextCursor}
          acknowledge={
            hasRight(ctx.actor.role, "manage-connections") ? acknowledgeAlertAction : null
          }
          empty={
            <EmptyState
              order={3}
              title={tab === "open" ? "Nothing is wrong" : "Nothing was wrong yet"}
            >
              Connections are checked every night, and credentials are watched until they end. What
              is found is told here, once, until it is right again.
            </EmptyState>
          }
        />
      </Panel>
    </>
  );
}
