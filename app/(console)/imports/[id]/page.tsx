import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { FreshnessStamp } from "#components/freshness-stamp";
import { HeldComparisonDetail } from "#components/imports/held-comparison";
import { ImportProgress } from "#components/imports/import-progress";
import { DeprecatedNote } from "#components/packages/deprecated-note";
import { PageHeader } from "#components/ui/page-header";
import { sourceLabels } from "#lib/domain/connection-labels";
import type { ImportItem } from "#lib/domain/import-item";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import { getConnection } from "#lib/services/get-connection";
import { getHeldComparison } from "#lib/services/get-held-comparison";
import { Account } from "../../account.tsx";
import { cancelImportAction, discardImportAction, publishImportAction } from "../actions.ts";
import { ImportChanges } from "./changes.tsx";
import { findImport } from "./find-import.ts";
import { seatProof } from "./seat-proof.ts";

type PageProps = {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<SearchParams>;
};

export async function generateMetadata({ params }: Pick<PageProps, "params">): Promise<Metadata> {
  const item = await findImport((await params).id);
  return { title: `Import of ${item.connectionName}` };
}

export default async function ImportPage({ params, searchParams }: PageProps) {
  const { ctx } = await requireContext();
  const item = await findImport((await params).id);
  const connection = await getConnection(ctx, { connectionId: item.connectionId });
  const { role } = ctx.actor;
  const tenantName = connection.tenantName ?? connection.name;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Connections", href: "/connections" },
          { label: tenantName, href: `/connections/${connection.id}` },
        ]}
        title={
          <>
            Import of <bdi>{tenantName}</bdi>
          </>
        }
        answer={
          <>
            <bdi>{item.connectionName}</bdi> · {sourceLabels[connection.source]}
          </>
        }
        stamp={<FreshnessStamp asOf={connection.asOf} source={connection.source} />}
      />
      {connection.source === "office-365-deprecated" && (
        <DeprecatedNote
          connectionId={connection.id}
          movable={connection.status !== "disconnected"}
        />
      )}
      <ImportProgress
        initial={item}
        tenantName={tenantName}
        tenantId={connection.tenantId}
        source={connection.source}
        seats={await seatProof(ctx, item, connection)}
        cancel={hasRight(role, "cancel-import") ? cancelImportAction : null}
        decide={
          hasRight(role, "decide-held-import")
            ? { publish: publishImportAction, discard: discardImportAction }
            : null
        }
        heldComparison={<Held item={item} />}
        changes={
          <ImportChanges item={item} source={connection.source} searchParams={searchParams} />
        }
      />
      <Account connectionId={item.connectionId} searchParams={searchParams} />
    </>
  );
}

/** What publishing the held directory would change; nothing while none is held. */
async function Held({ item }: { readonly item: ImportItem }) {
  const held = item.datasets.some(({ name, state }) => name === "directory" && state === "suspect");
  if (!held) return null;
  const { ctx } = await requireContext();
  const comparison = await getHeldComparison(ctx, { importId: item.id });
  if (comparison === null) return null;
  return (
    <HeldComparisonDetail
      comparison={comparison}
      seesPeople={hasRight(ctx.actor.role, "see-people")}
    />
  );
}
