import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { LookedUp, peopleAnswer } from "#components/managed-app/managed-app-answers";
import { MatchingNote } from "#components/managed-app/matching-note";
import { UnmatchedTable } from "#components/managed-app/unmatched-table";
import { NewerData } from "#components/newer-data";
import { EmptyState } from "#components/ui/empty-state";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { FilterBar, UrlSearch } from "#components/ui/url-filters";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { listUnmatchedPeople, type UnmatchedPeople } from "#lib/services/list-unmatched-people";
import { cursorParameter, given, hrefWith, searchParameter } from "../../../search-params.ts";
import { findConnection } from "../find-connection.ts";

type PageProps = {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<SearchParams>;
};

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const connection = await findConnection((await params).id);
  return { title: `People not found, ${connection.tenantName ?? connection.name}` };
}

const loadFilters = createLoader({ search: searchParameter, cursor: cursorParameter });

/** People of a managed application who are not in Microsoft's own data of the tenant. */
export default async function PeoplePage({ params, searchParams }: PageProps) {
  const { ctx } = await requireContext();
  const connection = await findConnection((await params).id);
  const { search, cursor } = await loadFilters(searchParams);
  const connectionId = connection.id;
  const people = await load(
    listUnmatchedPeople(ctx, { connectionId, ...given({ search, cursor }) }),
  );
  const path = `/connections/${connectionId}/people`;
  return (
    <Stack gap="md">
      <PageHeader
        crumbs={[
          { label: "Connections", href: "/connections" },
          { label: connection.tenantName ?? connection.name, href: `/connections/${connectionId}` },
        ]}
        title="People not found"
        {...(people.kind === "loaded" ? { answer: peopleAnswer(people.value) } : {})}
      />
      {people.kind === "loaded" && <Found {...people.value} searched={search !== null} />}
      {people.kind === "refused" &&
        (people.code === "newer-data" ? (
          <NewerData gone againHref={hrefWith(path, { search })} />
        ) : (
          <RefusedState {...people} againHref={hrefWith(path, { search })} />
        ))}
    </Stack>
  );
}

function Found(props: UnmatchedPeople & { readonly searched: boolean }) {
  const { state, lookedUpIn, counts, items, nextCursor, searched } = props;
  if (state === "computing") return <MatchingNote />;
  if (lookedUpIn === null || counts === null) {
    return (
      <EmptyState title="Nobody can be looked up yet">
        People are looked up in what another connection of this tenant imported. Connect the tenant
        with Microsoft 365 and import both; licenses and seats are counted without it.
      </EmptyState>
    );
  }
  return (
    <>
      <LookedUp source={lookedUpIn.source} asOf={lookedUpIn.asOf} counts={counts} />
      <Panel title="Not found" flush>
        {counts.unmatched > 0 && (
          <FilterBar label="Search people not found" inset>
            <UrlSearch label="Search name or address" />
          </FilterBar>
        )}
        <UnmatchedTable rows={items} nextCursor={nextCursor} searched={searched} />
      </Panel>
    </>
  );
}
