import { Grid, GridCol, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { FlagBadges } from "#components/flag-badges";
import { FreshnessStamp } from "#components/freshness-stamp";
import { Breakdown } from "#components/licenses/breakdown";
import { LicenseAnswer } from "#components/licenses/license-answers";
import { LicenseMoney } from "#components/licenses/license-money";
import { LicenseTerms } from "#components/licenses/license-terms";
import { LicenseTwins } from "#components/licenses/license-twins";
import { PriceEditor } from "#components/licenses/price-editor";
import { UnknownProductNotice } from "#components/licenses/unknown-product";
import { UnreadSeatsNotice } from "#components/licenses/unread-seats";
import { Waterfall } from "#components/licenses/waterfall";
import { WhyPanel } from "#components/licenses/why-panel";
import { DeprecatedNote } from "#components/packages/deprecated-note";
import { StaleBanner } from "#components/stale-banner";
import { ComplianceBadge } from "#components/status-badge";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import { getWorkspace } from "#lib/services/get-workspace";
import { Account } from "../../account.tsx";
import { readTenant } from "../../read-tenant.ts";
import { setPriceAction } from "../actions.ts";
import { findLicense } from "./find-license.ts";
import { LicenseRows, licenseTabs } from "./rows.tsx";

type PageProps = {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<SearchParams>;
};

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const license = await findLicense((await params).id);
  return { title: `${license.productName}, ${license.tenantName}` };
}

const loadTab = createLoader({ tab: parseAsStringLiteral(licenseTabs).withDefault("assignments") });

export default async function LicensePage({ params, searchParams }: PageProps) {
  const { ctx } = await requireContext();
  const license = await findLicense((await params).id);
  const { tab } = await loadTab(searchParams);
  const { settings } = await getWorkspace(ctx);
  const mayPrice = hasRight(ctx.actor.role, "edit-prices");
  return (
    <Stack gap="md">
      <PageHeader
        crumbs={[
          { label: "Licenses", href: "/licenses" },
          { label: license.tenantName, href: `/licenses?tenant=${license.tenantId}` },
        ]}
        title={license.productName}
        beside={<ComplianceBadge {...license} />}
        answer={<LicenseAnswer license={license} windowDays={settings.activityWindowDays} />}
        stamp={<FreshnessStamp asOf={license.asOf} source={license.source} />}
      />
      <StaleBanner tenants={[readTenant(license)]} />
      <UnknownProductNotice license={license} />
      <UnreadSeatsNotice license={license} />
      {license.source === "office-365-deprecated" && (
        <DeprecatedNote connectionId={license.connectionId} movable={license.status === "active"} />
      )}
      <LicenseTwins twins={license.twins} />
      {license.flags.length > 0 && <FlagBadges flags={license.flags} />}
      <Grid gap="md">
        <GridCol span={{ base: 12, lg: 7 }}>
          <Stack gap="md">
            <Panel
              title={
                license.source === "saas-management"
                  ? "From entitled to used"
                  : "From enabled to used"
              }
            >
              <Waterfall license={license} />
            </Panel>
            {license.application !== null && (
              <Panel title="Terms">
                <LicenseTerms
                  application={license.application}
                  mappingHref={`/connections/${license.connectionId}/mapping`}
                />
              </Panel>
            )}
            <Panel title="Who holds it">
              <Breakdown license={license} />
            </Panel>
          </Stack>
        </GridCol>
        <GridCol span={{ base: 12, lg: 5 }}>
          <Stack gap="md">
            <Panel title="Why this number?">
              <WhyPanel license={license} />
            </Panel>
            <Panel title="Price and money">
              <Stack gap="md">
                <PriceEditor
                  skuId={license.skuId}
                  productName={license.productName}
                  price={license.monthlyPrice}
                  setPrice={mayPrice ? setPriceAction : null}
                />
                <LicenseMoney license={license} />
              </Stack>
            </Panel>
          </Stack>
        </GridCol>
      </Grid>
      <LicenseRows license={license} tab={tab} searchParams={searchParams} />
      <Account connectionId={license.connectionId} searchParams={searchParams} />
    </Stack>
  );
}
