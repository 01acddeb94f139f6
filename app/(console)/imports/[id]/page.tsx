import type { Metadata } from "next";
import { FreshnessStamp } from "#components/freshness-stamp";
import { ImportProgress } from "#components/imports/import-progress";
import { PageHeader } from "#components/ui/page-header";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import { getConnection } from "#lib/services/get-connection";
import { cancelImportAction, discardImportAction, publishImportAction } from "../actions.ts";
import { findImport } from "./find-import.ts";
import { seatProof } from "./seat-proof.ts";

type PageProps = { readonly params: Promise<{ readonly id: string }> };

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
