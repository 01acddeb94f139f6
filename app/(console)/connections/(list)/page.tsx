import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { ConnectFirst } from "#components/connections/connect-first";
import { ConnectionCard } from "#components/connections/connection-card";
import { ConnectionsAnswer } from "#components/connections/connections-answer";
import { CardGrid } from "#components/ui/card-grid";
import { CursorLinks } from "#components/ui/cursor-links";
import { EmptyState } from "#components/ui/empty-state";
import { LinkButton } from "#components/ui/link";
import { PageHeader } from "#components/ui/page-header";
import { RefusedState } from "#components/ui/refused-state";
import { FilterBar, UrlSearch } from "#components/ui/url-filters";
import { hasRight } from "#lib/domain/role";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { listConnections } from "#lib/services/list-connections";
import {
  cursorParameter,
  given,
  hrefWith,
  searchParameter,
  tenantParameter,
} from "../../search-params.ts";
import { startImportAction } from "../actions.ts";

export const metadata: Metadata = { title: "Connections" };

const loadFilters = createLoader({
  tenant: tenantParameter,
  search: searchParameter,
  cursor: cursorParameter,
});

export default async function ConnectionsPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  const { tenant, search, cursor } = await loadFilters(props.searchParams);
  const result = await load(listConnections(ctx, given({ tenantId: tenant, search, cursor })));
  if (result.kind === "refused") {
    return <RefusedState {...result} againHref={hrefWith("/connections", { tenant, search })} />;
  }
  const { items, nextCursor } = result.value;
  const { role } = ctx.actor;
  const mayConnect = hasRight(role, "manage-connections");
  if (items.length === 0 && tenant === null && search === null) {
    return <ConnectFirst mayConnect={mayConnect} />;
  }
  return (
    <>
      <PageHeader
        title="Connections"
        answer={<ConnectionsAnswer connections={items} />}
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
      </FilterBar>
      {items.length === 0 ? (
        <EmptyState title="No connection fits" />
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
