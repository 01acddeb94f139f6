import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { DisconnectedCallout } from "#components/connections/disconnected-callout";
import { FreshnessStamp } from "#components/freshness-stamp";
import { mappingAnswer, pendingTitle } from "#components/managed-app/managed-app-answers";
import type { MappingCommands, ProductChoice } from "#components/managed-app/map-product";
import { AppLicensesTable, HeldSkusTable } from "#components/managed-app/mapping-tables";
import { TakenOver } from "#components/managed-app/taken-over";
import { Callout } from "#components/ui/callout";
import { Instant } from "#components/ui/clock";
import { CommandButton } from "#components/ui/command-button";
import { EmptyState } from "#components/ui/empty-state";
import { LinkButton } from "#components/ui/link";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { importableStatuses } from "#lib/domain/connection";
import { hasRight } from "#lib/domain/role";
import type { SkuMappingView } from "#lib/domain/sku-mapping";
import { loadOne } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import type { Ctx } from "#lib/services/context";
import { getSkuMapping } from "#lib/services/get-sku-mapping";
import { listProducts } from "#lib/services/list-products";
import { startImportAction } from "../../actions.ts";
import { mapSkuAction, unmapSkuAction } from "../../mapping-actions.ts";
import { findConnection } from "../find-connection.ts";

type PageProps = { readonly params: Promise<{ readonly id: string }> };

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const connection = await findConnection((await params).id);
  return { title: `Licenses and products, ${connection.tenantName ?? connection.name}` };
}

/** Which products the licenses of a managed application stand for. */
export default async function MappingPage({ params }: PageProps) {
  const { ctx } = await requireContext();
  const connection = await findConnection((await params).id);
  const connectionId = connection.id;
  const view = await loadOne(getSkuMapping(ctx, { connectionId }));
  const maps =
    connection.status !== "disconnected" && hasRight(ctx.actor.role, "manage-connections");
  const commands: MappingCommands | null = maps
    ? { map: mapSkuAction, unmap: unmapSkuAction }
    : null;
  const choice = maps ? await choiceOf(ctx, view) : { candidates: [], held: [], others: [] };
  const pending = pendingTitle(view);
  const imports =
    importableStatuses.includes(connection.status) && hasRight(ctx.actor.role, "import");
  const table = { connectionId, choice, commands };
  return (
    <Stack gap="md">
      <PageHeader
        crumbs={[
          { label: "Connections", href: "/connections" },
          { label: connection.tenantName ?? connection.name, href: `/connections/${connectionId}` },
        ]}
        title="Licenses and products"
        answer={mappingAnswer(view)}
        stamp={<FreshnessStamp asOf={connection.asOf} source={connection.source} />}
      />
      {connection.status === "disconnected" && (
        <DisconnectedCallout
          connection={connection}
          disconnected={connection.disconnected}
          sameTenant={connection.sameTenant}
        />
      )}
      {view.takenOver !== null && <TakenOver {...view.takenOver} mappingHref={null} />}
      {pending !== null && (
        <Callout
          tone="info"
          title={pending}
          actions={
            imports && (
              <CommandButton
                command={startImportAction}
                input={{ connectionId, trigger: "manual" }}
                goToPrefix="/imports/"
                size="sm"
              >
                Import now
              </CommandButton>
            )
          }
        >
          Until then every page shows the application as it was read before.
        </Callout>
      )}
      {view.read === null ? (
        <EmptyState
          title="Not imported yet"
          action={
            imports && (
              <CommandButton
                command={startImportAction}
                input={{ connectionId, trigger: "manual" }}
                goToPrefix="/imports/"
              >
                Import now
              </CommandButton>
            )
          }
        >
          The first import reads the licenses of the application. Then they are listed here.
        </EmptyState>
      ) : (
        <>
          <HeldRead {...view.read} importId={connection.heldImportId} />
          <Panel title="Licenses" flush>
            <AppLicensesTable {...table} rows={view.licenses} />
          </Panel>
          <Panel title="Held by people, without a license" flush>
            <HeldSkusTable {...table} rows={view.skus} />
          </Panel>
        </>
      )}
    </Stack>
  );
}

/** A read somebody has to decide about: this one, or a newer one that is not shown here. */
function HeldRead(props: {
  readonly asOf: string;
  readonly held: boolean;
  readonly importId: string | null;
}) {
  if (props.importId === null) return null;
  return (
    <Callout
      tone="warn"
      title={props.held ? "This read is held for review" : "A newer read is held for review"}
      actions={
        <LinkButton href={`/imports/${props.importId}`} size="sm" variant="default">
          See what it would change
        </LinkButton>
      }
    >
      {props.held ? "It was read " : "What is shown here was read "}
      <Instant at={props.asOf} tabbable />
      {props.held
        ? " and is not published yet."
        : ". What you choose here counts from the next import on; publishing the held one takes it as it is."}
    </Callout>
  );
}

/** Products that people hold without a license are the likely ones. */
async function choiceOf(ctx: Ctx, view: SkuMappingView): Promise<ProductChoice> {
  const held = view.skus.flatMap(({ product }) => product ?? []);
  const first = new Set(held.map(({ skuId }) => skuId));
  const { items } = await listProducts(ctx);
  const unique = [...new Map(held.map((product) => [product.skuId, product])).values()];
  return {
    candidates: [],
    held: unique.filter(({ partNumber }) => partNumber !== null),
    others: items.filter(({ skuId }) => !first.has(skuId)),
  };
}
