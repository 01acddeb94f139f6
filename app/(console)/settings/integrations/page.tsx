import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { OrganisationsPanel } from "#components/saas/organisations-panel";
import { SaasManagementPanel } from "#components/switching/saas-management-panel";
import { SwitchTable } from "#components/switching/switch-table";
import { EmptyState } from "#components/ui/empty-state";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import { listOrganisations } from "#lib/services/list-organisations";
import { listSwitches } from "#lib/services/list-switches";
import {
  removeOrganisationAction,
  renameOrganisationAction,
  replaceOrganisationCredentialAction,
  startOrganisationCheckAction,
} from "../../connections/new/saas-management/actions.ts";

export const metadata: Metadata = { title: "Integrations" };

/** The organisations of SaaS Management, and which source counts where: the workspace's own switch, and those of single tenants. */
export default async function IntegrationsPage() {
  const { ctx } = await requireContext();
  const switches = await listSwitches(ctx);
  const rows = [
    ...switches.inForce.map((item) => ({ kind: "in-force" as const, ...item })),
    ...switches.parallelRuns.map((item) => ({ kind: "parallel-run" as const, ...item })),
  ];
  return (
    <Stack gap="md">
      <PageHeader
        title="Integrations"
        answer="Several connectors can report the same licenses. One of them counts per tenant, so that nothing is counted twice."
      />
      <SaasManagementPanel
        tenants={switches.tenants["saas-management"]}
        below={switches.tenants["microsoft-365"] + switches.tenants["office-365-deprecated"]}
        state={rows.find((row) => row.tenantId === null) ?? { kind: "none" }}
      />
      <OrganisationsPanel
        organisations={await listOrganisations(ctx)}
        commands={
          hasRight(ctx.actor.role, "manage-connections") &&
          hasRight(ctx.actor.role, "manage-credentials")
            ? {
                rename: renameOrganisationAction,
                check: startOrganisationCheckAction,
                replace: replaceOrganisationCredentialAction,
                remove: removeOrganisationAction,
              }
            : null
        }
      />
      <Panel title="Switches" flush>
        <SwitchTable
          rows={rows}
          empty={
            <EmptyState order={3} title="No switch is in force">
              A switch begins on a connection whose tenant has a second connector.
            </EmptyState>
          }
        />
      </Panel>
    </Stack>
  );
}
