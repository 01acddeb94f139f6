import type { Metadata } from "next";
import { createLoader, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { ConnectFirst } from "#components/connections/connect-first";
import { ConnectionCard } from "#components/connections/connection-card";
import { ConnectionGroups } from "#components/connections/connection-groups";
import { ConnectionsAnswer } from "#components/connections/connections-answer";
import { CardGrid } from "#components/ui/card-grid";
import { CursorLinks } from "#components/ui/cursor-links";
import { EmptyState } from "#components/ui/empty-state";
import { LinkButton } from "#components/ui/link";
import { PageHeader } from "#components/ui/page-header";
import { RefusedState } from "#components/ui/refused-state";
import { FilterBar, UrlSearch, UrlSelect } from "#components/ui/url-filters";
import { connectionStatuses, sources } from "#lib/domain/connection";
import { connectionStatusLabels, sourceLabels } from "#lib/domain/connection-labels";
import { hasRight } from "#lib/domain/role";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { countConnections } from "#lib/services/count-connections";
import { listConnections } from "#lib/services/list-connections";
import {
  cursorParameter,
  given,
  hrefWith,
  searchParameter,
  tenantParameter,
} from "../../search-params.ts";
import { startImportAction } from "../actions.ts";

/** How the list is ordered; what needs attention first when nothing is chosen. */
const orders = ["name", "enterprise"] as const;
const sortOf = { name: "tenant", enterprise: "enterprise" } as const;

export const metadata: Metadata = { title: "Connections" };

const loadFilters = createLoader({
  tenant: tenantParameter,
  search: searchParameter,
  status: parseAsStringLiteral(connectionStatuses),
  source: parseAsStringLiteral(sources),
  enterprise: searchParameter,
  order: parseAsStringLiteral(orders),
  cursor: cursorParameter,
});

export default async function ConnectionsPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  const { tenant, order, cursor, ...chosen } = await loadFilters(props.searchParams);
  const filters = given({ tenantId: tenant, ...chosen });
  const sort = order === null ? "attention" : sortOf[order];
  const result = await load(listConnections(ctx, { ...filters, ...given({ cursor }), sort }));
  if (result.kind === "refused") {
    return (
      <RefusedState
        {...result}
        againHref={hrefWith("/connections", { tenant, order, ...chosen })}
      />
    );
  }
  const { items, nextCursor } = result.value;
  const counts = await countConnections(ctx, filters);
  const enterprises = (await countConnections(ctx, {})).enterprises.flatMap(
    ({ enterprise }) => enterprise ?? [],
  );
  const { role } = ctx.actor;
  const mayConnect = hasRight(role, "manage-connections");
  const isNarrowed = Object.keys(filters).length > 0;
  if (items.length === 0 && !isNarrowed) {
    return <ConnectFirst mayConnect={mayConnect} />;
  }
  return (
    <>
      <PageHeader
        title="Connections"
        answer={<ConnectionsAnswer counts={counts} />}
        actions={
          <>
            <LinkButton href="/connections/credentials" variant="default">
              Credentials
            </LinkButton>
            {mayConnect && <LinkButton href="/connections/new">Connect a tenant</LinkButton>}
          </>
        }
      />
      <FilterBar label="Filter connections">
        <UrlSearch label="Search tenant or name" />
        <UrlSelect name="status" label="Status" options={optionsOf(connectionStatusLabels)} />
        <UrlSelect name="source" label="Source" options={optionsOf(sourceLabels)} />
        {enterprises.length > 0 && (
          <UrlSelect
            name="enterprise"
            label="Enterprise"
            options={enterprises.map((name) => ({ value: name, label: name }))}
          />
        )}
        <UrlSelect
          name="order"
          label="Order"
          all="Needs attention first"
          options={[
            { value: "name", label: "By name" },
            { value: "enterprise", label: "Grouped by enterprise" },
          ]}
          width={250}
        />
      </FilterBar>
      {items.length === 0 ? (
        <EmptyState title="No connection fits">
          Other filters may find it; disconnected ones are listed under the status “Disconnected”.
        </EmptyState>
      ) : order === "enterprise" ? (
        <ConnectionGroups
          connections={items}
          counts={counts}
          startImport={hasRight(role, "import") ? startImportAction : null}
        />
      ) : (
        <CardGrid wide>
          {items.map((connection) => (
            <ConnectionCard
              key={connection.id}
              connection={connection}
              startImport={hasRight(role, "import") ? startImportAction : null}
            />
          ))}
        </CardGrid>
      )}
      <CursorLinks nextCursor={nextCursor} />
    </>
  );
}

const optionsOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));
