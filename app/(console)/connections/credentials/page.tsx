import type { Metadata } from "next";
import { CredentialsAnswer } from "#components/credentials/credentials-answer";
import { CredentialsTable } from "#components/credentials/credentials-table";
import { EmptyState } from "#components/ui/empty-state";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import { listCredentials } from "#lib/services/list-credentials";
import { enterCredentialExpiryAction, enterOrganisationExpiryAction } from "./actions.ts";

export const metadata: Metadata = { title: "Credentials" };

export default async function CredentialsPage() {
  const { ctx } = await requireContext();
  const rows = await listCredentials(ctx);
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Connections", href: "/connections" }]}
        title="Credentials"
        answer={<CredentialsAnswer rows={rows} />}
      />
      <Panel title="By urgency" flush>
        <CredentialsTable
          rows={rows}
          commands={
            hasRight(ctx.actor.role, "manage-credentials")
              ? {
                  ofConnection: enterCredentialExpiryAction,
                  ofOrganisation: enterOrganisationExpiryAction,
                }
              : null
          }
          empty={
            <EmptyState order={3} title="No credential to watch">
              Tenants connected through the installation's app need none of their own.
            </EmptyState>
          }
        />
      </Panel>
    </>
  );
}
