import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { ConnectFirst } from "#components/connections/connect-first";
import { LicensesAnswer } from "#components/licenses/license-answers";
import { LicenseFilters } from "#components/licenses/license-filters";
import { LicensesTable } from "#components/licenses/licenses-table";
import { TotalsRow } from "#components/licenses/totals-row";
import { NewerData } from "#components/newer-data";
import { StaleBanner } from "#components/stale-banner";
import { EmptyState } from "#components/ui/empty-state";
import { LinkButton } from "#components/ui/link";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { UnitsLegend } from "#components/units-bar";
import { compliances, flags } from "#lib/domain/license";
import { hasRight } from "#lib/domain/role";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { listLicenses, listLicensesInput } from "#lib/services/list-licenses";
import { readTenant } from "../../read-tenant.ts";
import {
  cursorParameter,
  given,
  hrefWith,
  searchParameter,
  tenantParameter,
} from "../../search-params.ts";

export const metadata: Metadata = { title: "Licenses" };

const loadFilters = createLoader({
  tenant: tenantParameter,
  compliance: parseAsStringLiteral(compliances),
  flag: parseAsStringLiteral(flags),
  status: parseAsStringLiteral(["active", "retired"]),
  search: searchParameter,
  sort: parseAsString,
  cursor: cursorParameter,
});

export default async function LicensesPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  const { tenant, sort, cursor, ...filters } = await loadFilters(props.searchParams);
  const order = listLicensesInput.shape.sort.safeParse(sort ?? undefined).data;
  const result = await load(
    listLicenses(ctx, given({ ...filters, tenantId: tenant, sort: order, cursor })),
  );
  const againHref = hrefWith("/licenses", { ...filters, tenant, sort });
  if (result.kind === "refused") {
    if (result.code !== "newer-data") return <RefusedState {...result} againHref={againHref} />;
    return (
      <>
        <PageHeader title="Licenses" />
        <LicenseFilters />
        <NewerData gone againHref={againHref} />
      </>
    );
  }
  const { items, nextCursor, newerData, totals } = result.value;
  const filtered = Object.values(filters).some((value) => value !== null);
  const hrefOf = (filter: Readonly<Record<string, string>>) =>
    hrefWith("/licenses", { ...filters, tenant, ...filter });
  if (items.length === 0 && !filtered && cursor === null) {
    return (
      <NothingImported
        mayConnect={hasRight(ctx.actor.role, "manage-connections")}
        tenant={tenant}
      />
    );
  }
  return (
    <>
      <PageHeader
        title="Licenses"
        answer={<LicensesAnswer totals={totals} />}
        stamp={<UnitsLegend />}
      />
      <Stack gap="md">
        <StaleBanner tenants={items.map(readTenant)} />
        <LicenseFilters />
      </Stack>
      {newerData && <NewerData againHref={againHref} />}
      <Panel
        title="Licenses"
        flush
        beside={sort === null ? "What needs attention comes first" : undefined}
      >
        <TotalsRow
          totals={totals}
          hrefOf={hrefOf}
          opportunitiesHref={hrefWith("/opportunities", { tenant })}
        />
        <LicensesTable
          rows={items}
          nextCursor={nextCursor}
          footnote="Totals count Active licenses that the filters leave."
          empty={
            <EmptyState
              title="No license fits these filters"
              action={
                <LinkButton href={hrefWith("/licenses", { tenant })} variant="default">
                  Show all licenses
                </LinkButton>
              }
            />
          }
        />
      </Panel>
    </>
  );
}

function NothingImported({
  mayConnect,
  tenant,
}: {
  readonly mayConnect: boolean;
  readonly tenant: string | null;
}) {
  if (tenant === null) return <ConnectFirst mayConnect={mayConnect} />;
  return (
    <EmptyState
      order={1}
      title="No licenses of this tenant yet"
      action={
        <LinkButton href={hrefWith("/connections", { tenant })}>Open its connection</LinkButton>
      }
    >
      They appear here as soon as its first import is published.
    </EmptyState>
  );
}
