import type { Metadata } from "next";
import { cache } from "react";
import { FreshnessStamp } from "#components/freshness-stamp";
import { ImportProgress } from "#components/imports/import-progress";
import { PageHeader } from "#components/ui/page-header";
import { hasRight } from "#lib/domain/role";
import { loadOne } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { getConnection } from "#lib/services/get-connection";
import { getImport } from "#lib/services/get-import";
import { cancelImportAction, discardImportAction, publishImportAction } from "../actions.ts";
import { seatProof } from "./seat-proof.ts";

type PageProps = { readonly params: Promise<{ readonly id: string }> };

const findImport = cache(async (importId: string) => {
  const { ctx } = await requireContext();
  return loadOne(getImport(ctx, { importId }));
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const item = await findImport((await params).id);
  return { title: `Import of ${item.connectionName}` };
}

export default async function ImportPage({ params }: PageProps) {
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
        stamp={<FreshnessStamp asOf={connection.asOf} />}
      />
      <ImportProgress
        initial={item}
        tenantName={tenantName}
        tenantId={connection.tenantId}
        seats={await seatProof(ctx, item, connection)}
        cancel={hasRight(role, "cancel-import") ? cancelImportAction : null}
        decide={
          hasRight(role, "decide-held-import")
            ? { publish: publishImportAction, discard: discardImportAction }
            : null
        }
      />
    </>
  );
}
