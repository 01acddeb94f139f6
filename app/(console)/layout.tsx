import type { ReactNode } from "react";
import { ConsoleShell } from "#components/shell/console-shell";
import { requireContext } from "#lib/server/session";
import { countAlerts } from "#lib/services/count-alerts";
import { listConnections } from "#lib/services/list-connections";
import { signOutAction } from "./actions.ts";

/** Frame of every signed-in page. Pages authorise themselves: a layout is not rendered again on navigation. */
export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const { ctx, workspace } = await requireContext();
  const connections = await listConnections(ctx, { limit: 100 });
  const { count: newAlerts } = await countAlerts(ctx);
  const tenants = new Map(
    connections.items.flatMap(({ tenantId, tenantName, name }) =>
      tenantId === null ? [] : [[tenantId, { tenantId, name: tenantName ?? name }]],
    ),
  );
  return (
    <ConsoleShell
      workspaceName={workspace.name}
      person={{ name: ctx.actor.name, role: ctx.actor.role }}
      tenants={[...tenants.values()]}
      newAlerts={newAlerts}
      now={ctx.platform.now().getTime()}
      signOut={signOutAction}
    >
      {children}
    </ConsoleShell>
  );
}
