import { Box, Text } from "@mantine/core";
import {
  createLoader,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
  type SearchParams,
} from "nuqs/server";
import { ChangeFilters } from "#components/changes/change-filters";
import { ChangesTable } from "#components/changes/changes-table";
import { ComparingNote } from "#components/changes/comparing-note";
import { AssignmentFilters } from "#components/licenses/assignment-filters";
import { AssignmentsTable } from "#components/licenses/assignments-table";
import { SubscriptionsTable } from "#components/licenses/subscriptions-table";
import { NewerData } from "#components/newer-data";
import { OpportunitiesTable } from "#components/opportunities/opportunities-table";
import { TrendChart } from "#components/trend-chart";
import { EmptyState } from "#components/ui/empty-state";
import { TextLink } from "#components/ui/link";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { LinkTabs } from "#components/ui/tabs";
import { changeKinds, changesKeptDays } from "#lib/domain/change";
import { activities } from "#lib/domain/license";
import type { LicenseDetail } from "#lib/domain/license-item";
import { hasRight } from "#lib/domain/role";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { listAssignments, listAssignmentsInput } from "#lib/services/list-assignments";
import { listLicenseChanges } from "#lib/services/list-license-changes";
import { listOpportunities } from "#lib/services/list-opportunities";
import { listSubscriptions } from "#lib/services/list-subscriptions";
import { cursorParameter, given, hrefWith, searchParameter } from "../../search-params.ts";

export const licenseTabs = [
  "assignments",
  "opportunities",
  "subscriptions",
  "history",
  "changes",
] as const;
type Tab = (typeof licenseTabs)[number];

interface RowsProps {
  readonly license: LicenseDetail;
  readonly searchParams: Promise<SearchParams>;
}

/** The rows behind a license's figures, one view at a time. */
export function LicenseRows(props: RowsProps & { readonly tab: Tab }) {
  return (
    <Panel title="Rows" id="rows" flush>
      <LinkTabs
        label="Views of the rows"
        current={props.tab}
        tabs={[
          { value: "assignments", label: "Assignments" },
          { value: "opportunities", label: "Opportunities" },
          { value: "subscriptions", label: "Subscriptions" },
          { value: "history", label: "History" },
          { value: "changes", label: "Changes" },
        ]}
      />
      <View {...props} />
    </Panel>
  );
}

function View({ tab, ...props }: RowsProps & { readonly tab: Tab }) {
  switch (tab) {
    case "assignments":
      return <Assignments {...props} />;
    case "opportunities":
      return <Opportunities {...props} />;
    case "subscriptions":
      return <Subscriptions license={props.license} />;
    case "history":
      return (
        <div style={{ padding: "1rem" }}>
          <TrendChart
            points={props.license.history}
            label={`${props.license.productName} over time`}
          />
        </div>
      );
    case "changes":
      return <Changes {...props} />;
    default:
      return tab satisfies never;
  }
}

const loadAssignmentFilters = createLoader({
  activity: parseAsStringLiteral(activities),
  origin: parseAsStringLiteral(["direct", "group", "both", "unknown"]),
  blocked: parseAsBoolean,
  guest: parseAsBoolean,
  error: parseAsBoolean,
  search: searchParameter,
  sort: parseAsString,
  cursor: cursorParameter,
});

async function Assignments({ license, searchParams }: RowsProps) {
  const { ctx } = await requireContext();
  const { sort, cursor, ...filters } = await loadAssignmentFilters(searchParams);
  if (license.type === "tenant") {
    return (
      <EmptyState order={3} title="Not assigned to people">
        This license serves the whole tenant.
      </EmptyState>
    );
  }
  const order = listAssignmentsInput.shape.sort.safeParse(sort ?? undefined).data;
  const result = await load(
    listAssignments(ctx, { licenseId: license.id, ...given({ ...filters, sort: order, cursor }) }),
  );
  const againHref = hrefWith(`/licenses/${license.id}`, {
    tab: "assignments",
    ...filters,
    sort: order,
  });
  const seesPeople = hasRight(ctx.actor.role, "see-people");
  if (result.kind === "refused") {
    if (result.code !== "newer-data") return <RefusedState {...result} againHref={againHref} />;
    return (
      <>
        <AssignmentFilters seesPeople={seesPeople} />
        <NewerData gone againHref={againHref} />
      </>
    );
  }
  return (
    <>
      <AssignmentFilters seesPeople={seesPeople} />
      {result.value.newerData && <NewerData againHref={againHref} />}
      <AssignmentsTable
        rows={result.value.items}
        nextCursor={result.value.nextCursor}
        seesPeople={seesPeople}
        source={license.source}
        connectionHref={`/connections/${license.connectionId}`}
        empty={
          <NoAssignment
            license={license}
            filtered={Object.values(filters).some((filter) => filter !== null)}
          />
        }
      />
    </>
  );
}

/** Nobody who fits is not the same as nobody at all, nor as nobody known. */
function NoAssignment(props: { readonly license: LicenseDetail; readonly filtered: boolean }) {
  const { license } = props;
  if (license.consumed === null) {
    return (
      <EmptyState order={3} title="Who holds it is not known">
        {license.application === null ? (
          "What was read does not say who holds this license."
        ) : (
          <>
            Which product it stands for is not known, so nobody’s seats can be told to be of it.
            Choose it under{" "}
            <TextLink
              href={`/connections/${license.connectionId}/mapping`}
              inherit
              underline="always"
            >
              Licenses and products
            </TextLink>
            .
          </>
        )}
      </EmptyState>
    );
  }
  return props.filtered ? (
    <EmptyState order={3} title="No assignment fits">
      Nobody holds this license in that way.
    </EmptyState>
  ) : (
    <EmptyState order={3} title="Nobody holds it">
      No account held this license when it was last read.
    </EmptyState>
  );
}

const loadCursor = createLoader({ cursor: cursorParameter });

async function Opportunities({ license, searchParams }: RowsProps) {
  const { ctx } = await requireContext();
  const { cursor } = await loadCursor(searchParams);
  const result = await load(
    listOpportunities(ctx, { licenseId: license.id, ...given({ cursor }) }),
  );
  const againHref = `/licenses/${license.id}?tab=opportunities`;
  if (result.kind === "refused") {
    return result.code === "newer-data" ? (
      <NewerData gone againHref={againHref} />
    ) : (
      <RefusedState {...result} againHref={againHref} />
    );
  }
  return (
    <>
      {result.value.newerData && <NewerData againHref={againHref} />}
      <OpportunitiesTable
        withoutLicense
        rows={result.value.items}
        nextCursor={result.value.nextCursor}
        seesPeople={hasRight(ctx.actor.role, "see-people")}
        empty={
          <EmptyState order={3} title="Nothing to reclaim here">
            {license.activity === null
              ? "Whether its seats are used is not known, and nothing is recommended on an unknown."
              : "Every seat that can be judged is in use, or is left out for a reason given above."}
          </EmptyState>
        }
      />
    </>
  );
}

const loadChangeFilters = createLoader({
  kind: parseAsStringLiteral(changeKinds),
  cursor: cursorParameter,
});

async function Changes({ license, searchParams }: RowsProps) {
  const { ctx } = await requireContext();
  const { kind, cursor } = await loadChangeFilters(searchParams);
  const result = await load(
    listLicenseChanges(ctx, { licenseId: license.id, ...given({ kind, cursor }) }),
  );
  if (result.kind === "refused") {
    return <RefusedState {...result} againHref={`/licenses/${license.id}?tab=changes`} />;
  }
  return (
    <>
      <ChangeFilters />
      {result.value.comparing && (
        <Box px="md" pb="sm">
          <ComparingNote />
        </Box>
      )}
      {license.source === "saas-management" &&
        license.consumed === null &&
        license.skuId === null && (
          <Text size="sm" px="md" pb="sm">
            Which product it stands for is not known, so no change of anybody’s seats can be told of
            it.{" "}
            <TextLink
              href={`/connections/${license.connectionId}/mapping`}
              inherit
              underline="always"
            >
              Choose its product
            </TextLink>
            : they are told from the next import on.
          </Text>
        )}
      <ChangesTable
        rows={result.value.items}
        nextCursor={result.value.nextCursor}
        seesPeople={hasRight(ctx.actor.role, "see-people")}
        without={["product"]}
        empty={
          <EmptyState order={3} title={kind === null ? "No change on record" : "No change fits"}>
            Imports say here what they changed in this license. It is kept for {changesKeptDays}{" "}
            days.
          </EmptyState>
        }
      />
    </>
  );
}

async function Subscriptions({ license }: { readonly license: LicenseDetail }) {
  const { ctx } = await requireContext();
  const { items, nextCursor } = await listSubscriptions(ctx, { licenseId: license.id });
  return (
    <SubscriptionsTable
      rows={items}
      nextCursor={nextCursor}
      empty={
        <EmptyState order={3} title="No subscription reported">
          Microsoft listed no commercial subscription for this product when it was last read.
        </EmptyState>
      }
    />
  );
}
