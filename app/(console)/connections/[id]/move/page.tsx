import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { createLoader, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { DeprecatedBadge } from "#components/packages/deprecated-badge";
import { SwitchPreviewView, switchAnswer } from "#components/switching/switch-preview-view";
import { PageHeader } from "#components/ui/page-header";
import { sourceLabels } from "#lib/domain/connection-labels";
import { supersedingSources } from "#lib/domain/precedence";
import { hasRight } from "#lib/domain/role";
import { loadOne } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { getStanding } from "#lib/services/get-standing";
import { getSwitchPreview } from "#lib/services/get-switch-preview";
import { SwitchStates } from "../../../switch-states.tsx";
import { startParallelRunAction, switchSourceAction } from "../../../switching-actions.ts";
import { findConnection } from "../find-connection.ts";

type PageProps = {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<SearchParams>;
};

const loadTo = createLoader({
  to: parseAsStringLiteral(supersedingSources).withDefault("microsoft-365"),
});

export async function generateMetadata({ params, searchParams }: PageProps): Promise<Metadata> {
  const connection = await findConnection((await params).id);
  const { to } = await loadTo(searchParams);
  return { title: `Move ${connection.tenantName ?? connection.name} to ${sourceLabels[to]}` };
}

/** Lets a source stand for those below it in the tenant of a connection; where the workspace's switch covers it, that one is shown. */
export default async function MovePage({ params, searchParams }: PageProps) {
  const { ctx } = await requireContext();
  const connection = await findConnection((await params).id);
  const { to } = await loadTo(searchParams);
  const { tenantId } = connection;
  if (tenantId === null) notFound();
  const standing = await loadOne(getStanding(ctx, { connectionId: connection.id }));
  if (standing?.kind === "superseded" && standing.wide && standing.by === to) {
    redirect("/settings/integrations/saas-management");
  }
  const view = await loadOne(getSwitchPreview(ctx, { by: to, tenantId }));
  const tenantName = connection.tenantName ?? connection.name;
  const may = hasRight(ctx.actor.role, "manage-connections");
  const { preview } = view;
  const inForce = view.inForce !== null;
  return (
    <Stack gap="md">
      <PageHeader
        crumbs={[
          { label: "Connections", href: "/connections" },
          { label: tenantName, href: `/connections/${connection.id}` },
        ]}
        title={`Move to the ${sourceLabels[to]} connector`}
        beside={connection.source === "office-365-deprecated" ? <DeprecatedBadge /> : undefined}
        answer={switchAnswer(preview, inForce)}
      />
      <SwitchStates
        view={view}
        where={tenantName}
        may={may}
        connectHref={
          to === "microsoft-365" ? "/connections/new" : "/connections/new/saas-management"
        }
      />
      <SwitchPreviewView
        preview={preview}
        inForce={inForce}
        undo={view.undo}
        choices={[]}
        commands={
          may
            ? { switchSource: switchSourceAction, startParallelRun: startParallelRunAction }
            : null
        }
      />
    </Stack>
  );
}
